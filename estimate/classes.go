package estimate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// Bayesian latent classes (Manrique-Vallier 2016). Each person belongs to one of a
// few unseen classes, and in each class every list finds its people independently.
// The weights of the classes are a stick-breaking process cut at K; the chance of
// class k to be on list j is uniform before the data; N has the prior 1/N. Gibbs'
// sampler draws one after the other:
//
//  1. for each pattern, how many of its people are in which class
//  2. for each class and list, the chance
//  3. the weights
//  4. the probability of being on no list
//  5. the number of people on no list
//  6. their classes
//  7. the concentration of the weights
//
// Its cost depends on the number of patterns, not of people.

// classPrior is Gamma(shape, rate) for the concentration of the weights.
const (
	classShape = 0.25
	classRate  = 0.25
)

// chain is one run of the sampler.
type chain struct {
	r        *rand.Rand
	k, lists int
	patterns []Pattern
	counts   []float64
	n, most  float64

	chance  []float64 // by class and list
	absent  []float64 // one minus it
	logNu   []float64
	nu      []float64
	alpha   float64
	unseen  float64
	in      []float64 // people of each class
	on      []float64 // people of each class on each list
	weights []float64
	shares  []float64
	capped  int // draws of the unseen beyond most, which were redrawn
	draws   int
}

func newChain(seed, stream uint64, lists int, x []float64, k int, most float64) *chain {
	c := &chain{
		r: rand.New(rand.NewPCG(seed, stream)), k: k, lists: lists, most: most,
		chance: make([]float64, k*lists), absent: make([]float64, k*lists), logNu: make([]float64, k), nu: make([]float64, k),
		alpha: 0.3 / float64(k), in: make([]float64, k), on: make([]float64, k*lists),
		weights: make([]float64, k), shares: make([]float64, k),
	}
	size := make([]float64, lists)
	for w, count := range x {
		if count == 0 {
			continue
		}
		c.patterns, c.counts, c.n = append(c.patterns, Pattern(w)), append(c.counts, count), c.n+count
		for j := range lists {
			if Pattern(w).On(j) {
				size[j] += count
			}
		}
	}
	for h := range k {
		c.nu[h] = 1 / float64(k)
		c.logNu[h] = -math.Log(float64(k))
		for j := range lists {
			// The lists' shares of those seen, scattered, so that the chains start apart.
			share := size[j] / c.n * (0.2 + 0.75*c.r.Float64())
			c.chance[h*lists+j], c.absent[h*lists+j] = share, 1-share
		}
	}
	return c
}

// warmUp runs with a fixed concentration, and then puts the classes into the order of
// their weights, in which stick-breaking moves best.
func (c *chain) warmUp(sweeps int) {
	for range sweeps {
		c.sweep()
	}
	order := make([]int, c.k)
	for h := range order {
		order[h] = h
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case c.nu[a] > c.nu[b]:
			return -1
		case c.nu[a] < c.nu[b]:
			return 1
		}
		return 0
	})
	nu, logNu, chance, absent := slices.Clone(c.nu), slices.Clone(c.logNu), slices.Clone(c.chance), slices.Clone(c.absent)
	for to, from := range order {
		c.nu[to], c.logNu[to] = nu[from], logNu[from]
		copy(c.chance[to*c.lists:(to+1)*c.lists], chance[from*c.lists:])
		copy(c.absent[to*c.lists:(to+1)*c.lists], absent[from*c.lists:])
	}
}

// step is a sweep with all seven draws.
func (c *chain) step() {
	c.sweep()
	shape := classShape + float64(c.k) - 1
	c.alpha = max(math.Exp(logGammaDraw(c.r, shape))/(classRate-c.logNu[c.k-1]), smallestAlpha)
}

func (c *chain) sweep() {
	clear(c.in)
	clear(c.on)
	for i, p := range c.patterns {
		sum := c.weigh(p)
		multinomial(c.r, c.counts[i], c.weights, sum, c.shares)
		c.assign(p)
	}
	if c.unseen > 0 {
		sum := c.weigh(0)
		multinomial(c.r, c.unseen, c.weights, sum, c.shares)
		c.assign(0)
	}
	c.relabel()
	c.drawChances()
	c.drawWeights()
	c.drawUnseen()
}

// weigh computes how likely each class has a pattern, times its weight.
func (c *chain) weigh(p Pattern) (sum float64) {
	for h, w := range c.nu {
		chance, absent := c.chance[h*c.lists:(h+1)*c.lists], c.absent[h*c.lists:(h+1)*c.lists]
		for j := range chance {
			if p.On(j) {
				w *= chance[j]
			} else {
				w *= absent[j]
			}
		}
		c.weights[h] = w
		sum += w
	}
	if sum < 1e-250 {
		return c.weighLog(p)
	}
	return sum
}

// weighLog does the same where the products are too small to be held.
func (c *chain) weighLog(p Pattern) (sum float64) {
	top := math.Inf(-1)
	for h := range c.nu {
		l := c.logNu[h]
		for j := range c.lists {
			if p.On(j) {
				l += math.Log(c.chance[h*c.lists+j])
			} else {
				l += math.Log(c.absent[h*c.lists+j])
			}
		}
		c.weights[h] = l
		top = max(top, l)
	}
	for h, l := range c.weights {
		c.weights[h] = math.Exp(l - top)
		sum += c.weights[h]
	}
	return sum
}

func (c *chain) assign(p Pattern) {
	for h, s := range c.shares {
		if s == 0 {
			continue
		}
		c.in[h] += s
		for rest, j := p, 0; rest != 0; rest, j = rest>>1, j+1 {
			if rest&1 == 1 {
				c.on[h*c.lists+j] += s
			}
		}
	}
}

// relabel proposes to exchange two classes, together with a new concentration from
// its prior, and decides by the probability of the classes' sizes with the weights
// integrated out; the weights are drawn next. Without it a chain whose large class
// has a late place stays there for a hundred thousand sweeps, because the concentration that
// such an order needs and the order hold each other fast (after Papaspiliopoulos and
// Roberts 2008, who exchange classes with the weights in place).
func (c *chain) relabel() {
	if c.k == 1 {
		return
	}
	a, b := c.r.IntN(c.k), c.r.IntN(c.k-1)
	if b >= a {
		b++
	}
	alpha := max(math.Exp(logGammaDraw(c.r, classShape))/classRate, smallestAlpha)
	now := c.sizesGiven(c.alpha)
	c.in[a], c.in[b] = c.in[b], c.in[a]
	if c.r.ExpFloat64() < now-c.sizesGiven(alpha) {
		c.in[a], c.in[b] = c.in[b], c.in[a]
		return
	}
	c.alpha = alpha
	for j := range c.lists {
		x, y := a*c.lists+j, b*c.lists+j
		c.on[x], c.on[y] = c.on[y], c.on[x]
	}
}

// smallestAlpha keeps the concentration a number that can be divided by.
const smallestAlpha = 1e-300

// sizesGiven is the log probability of the classes' sizes given the concentration.
func (c *chain) sizesGiven(alpha float64) float64 {
	later, sum := 0.0, float64(c.k-1)*math.Log(alpha)
	for h := c.k - 1; h > 0; h-- {
		later += c.in[h]
		sum += logGamma(alpha+later) + logFactorial(c.in[h-1]) - logGamma(1+alpha+later+c.in[h-1])
	}
	return sum
}

func (c *chain) drawChances() {
	for h, in := range c.in {
		for j := range c.lists {
			on := c.on[h*c.lists+j]
			x, y := gamma(c.r, 1+on), gamma(c.r, 1+in-on)
			c.chance[h*c.lists+j], c.absent[h*c.lists+j] = x/(x+y), y/(x+y)
		}
	}
}

func (c *chain) drawWeights() {
	later := 0.0
	for _, in := range c.in {
		later += in
	}
	rest := 0.0 // log of the stick that is left
	for h := range c.k - 1 {
		later -= c.in[h]
		log, complement := logBeta(c.r, 1+c.in[h], c.alpha+later)
		c.logNu[h] = rest + log
		rest += complement
	}
	c.logNu[c.k-1] = rest
	for h, l := range c.logNu {
		c.nu[h] = math.Exp(l)
	}
}

// drawUnseen draws how many are on no list: failures before n successes, as a Poisson
// number with a gamma mean.
func (c *chain) drawUnseen() {
	none := c.weigh(0)
	if none >= 1-1e-12 {
		none = 1 - 1e-12
	}
	for try := 0; ; try++ {
		c.draws++
		c.unseen = poisson(c.r, gamma(c.r, c.n)*none/(1-none))
		if c.unseen <= c.most {
			return
		}
		c.capped++
		if try == 100 {
			c.unseen = c.most
			return
		}
	}
}

// classAnswer is what the chains give.
type classAnswer struct {
	low, median, high float64
	rhat, effective   float64
	capped            float64 // share of draws beyond the bound
	sweeps            int     // of all chains together
}

func (a classAnswer) converged() bool {
	return a.rhat <= maxRhat && a.effective >= minEffective && a.capped <= maxEdge
}

// When chains have converged (Vehtari and others 2021 ask for no less), and how much
// may lie at the edge of what was looked at.
const (
	maxRhat      = 1.05
	farRhat      = 1.2 // after a quarter of the time: these will not come together
	minEffective = 400
	maxEdge      = 0.005
)

// thin is how many sweeps lie between two draws that are kept: neighbours say nearly
// the same.
const thin = 10

// latentClasses runs the chains side by side, o.Sweeps at a time, until they agree or
// have made o.Longest. The first quarter of what was run is left out.
func latentClasses(ctx context.Context, lists int, x []float64, o Options) (classAnswer, error) {
	n := 0.0
	for _, c := range x {
		n += c
	}
	chains := make([]*chain, o.Chains)
	for i := range chains {
		chains[i] = newChain(o.Seed, 0xc4a1+uint64(i), lists, x, o.Classes, n*o.MostUnseen)
		chains[i].warmUp(500)
	}
	kept := make([][]float64, len(chains))
	for ran := o.Sweeps; ; ran += o.Sweeps {
		runChains(ctx, chains, kept, o.Sweeps)
		if err := ctx.Err(); err != nil {
			return classAnswer{}, err
		}
		o.Progress("classes", ran, o.Longest)
		a := summarize(kept, n)
		a.sweeps = ran * len(chains)
		a.capped = cappedShare(chains)
		hopeless := a.rhat > farRhat && ran >= o.Longest/4
		if a.converged() || hopeless || ran+o.Sweeps > o.Longest {
			return a, nil
		}
	}
}

func runChains(ctx context.Context, chains []*chain, kept [][]float64, sweeps int) {
	var wg sync.WaitGroup
	for i, c := range chains {
		wg.Go(func() {
			for s := range sweeps {
				if s%256 == 0 && ctx.Err() != nil {
					return
				}
				if c.step(); s%thin == 0 {
					kept[i] = append(kept[i], c.unseen)
				}
			}
		})
	}
	wg.Wait()
}

func cappedShare(chains []*chain) float64 {
	capped, draws := 0, 0
	for _, c := range chains {
		capped += c.capped
		draws += c.draws
	}
	return float64(capped) / float64(draws)
}

func summarize(kept [][]float64, n float64) classAnswer {
	used := make([][]float64, len(kept))
	var all []float64
	for i, draws := range kept {
		used[i] = draws[len(draws)/4:]
		all = append(all, used[i]...)
	}
	slices.Sort(all)
	a := classAnswer{
		low: n + quantile8(all, 0.025), median: n + quantile8(all, 0.5), high: n + quantile8(all, 0.975),
	}
	a.rhat, a.effective = convergence(used)
	return a
}
