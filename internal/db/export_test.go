package db

// What the tests see of the inside.
var (
	Positional = positional
	MinSQLite  = minSQLite
	Number     = number
)

// WithSetting has every connection set one pragma otherwise than the house does, or
// one more: the saboteur of the power-loss test. want is what reading it back gives.
func WithSetting(pragma, set, want string) Option {
	return func(e *sqliteEngine) {
		var all []setting
		for _, s := range e.settings {
			if s.pragma != pragma {
				all = append(all, s)
			}
		}
		e.settings = append(all, setting{pragma, set, want})
	}
}
