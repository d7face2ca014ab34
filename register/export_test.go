package register

// InActsOf has the plan's run record acts of so many statements.
func (p *Plan) InActsOf(n int) { p.actSize = n }
