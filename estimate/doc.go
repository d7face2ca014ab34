// Package estimate says how many people there really are, from lists that overlap, or
// that they do not bear an answer. It is pure: it reads no file and knows no register.
//
// # The idea
//
// Relatives keep a list, a prison has one, a flight brought some home. Nobody is on
// all, many are on none. If two lists were made independently, the share of the second
// that is also on the first tells how much of everybody the first has found: with 100
// and 60 people and 30 in common, the first has half, so there are about 200. Laplace
// counted France so (1802), Petersen plaice (1896) and Lincoln ducks (1930).
//
// But lists are not independent. Who is known to one aid group is sent to another; who
// hides from one hides from all. With three lists or more, the overlaps themselves tell
// something of how lists depend on each other, and every method here is a way to ask
// them. None can know about those who could not be on any list.
//
// # The way of a table
//
//	Table              people by pattern: on which lists they are
//	 refusal           too few in common, lists that stand apart: no method is run
//	 chapman, chao     two lists; a lower bound from those seen once and twice
//	 log-linear        all models of how lists depend on each other; the best by BIC, AIC
//	 stepwise, BCa     a model grown pair by pair, and its bounds by resampling all of that
//	 latent classes    people of a few unseen kinds, each found by each list in its own way
//	 graphs            the average over all decomposable graphs of dependence
//	 headline          one number, a range, or "at least": by rules, see below
//
// # The headline
//
// Four methods vote: loglinear-bic-all, stepwise-bca, lcmcr and dga. Where the highest
// is at most 1.5 times the lowest, the headline is the middle one's number (never an
// average; the lower of two middle ones) with the widest bounds of all. Up to 3 times,
// the bounds alone. Beyond, or with an upper bound more than 10 times the lower, or
// where a voting method has no answer, its chains do not agree, or the graph in which
// all depend on each other prevails: no number, only what it is at least. chao is a bound
// and independence a baseline; neither votes. The thresholds are choices of this house,
// in refuse.go with their names; docs/decisions/0120 has the reasons.
//
// With two lists the headline is Chapman's, said with the warning that independence
// cannot be tested.
//
// Beside a headline may stand a caution: more people are on several lists at once than
// the chosen model explains, so that some are easier to find than others. All methods
// then fall short together, and how far cannot be known (Link 2003).
//
// # Doubt about who is the same
//
// A register's own lists have pairs of records that nobody has decided yet. Linked holds
// them, and EstimateLinked gives a headline that holds with all of them joined and with
// all apart.
//
// # Where nobody is in common
//
// A pair of lists that share nobody has its best coefficient at minus infinity. The
// term is then left out with the cells it would fill, and counted; what is left must have
// full rank, and its likelihood a maximum, or the model has no answer (exist.go). This
// is what keeps the methods from naming a number that the data do not hold.
//
// # What it costs
//
// The design matrix of a hierarchical model over 0/1 lists is never built: all that
// Newton's method needs are sums over subsets and supersets of the cells (fit.go). All
// 6,893 models of five lists are fitted in a tenth of a second.
//
// # Random numbers
//
// The bootstrap and the latent classes draw from a seed that stands in the result. The
// lists are put into the order of their names first, so that neither the order of rows
// nor that of columns changes a figure.
//
// # Sources
//
// The code is written from the published formulas and takes nothing from the programs
// that exist for them: Chapman 1951 (two lists); Seber 1982 (its variance); Chao 1987 (lower bound, limits on the logarithm of
// the unseen); Fienberg 1972, Bishop, Fienberg and Holland 1975, Cormack 1989 (log-linear
// models); Cormack 1992 (profile interval); Fienberg and Rinaldo 2012 (existence);
// Chan, Silverman and Vincent 2021 (lists without overlap, stepwise selection, its
// bootstrap); Efron 1987 (BCa); Manrique-Vallier 2016 (latent classes);
// Papaspiliopoulos and Roberts 2008 (exchanging classes); Gelman and others 2013 and
// Geyer 1992 (whether chains agree); Madigan and York 1997, Johndrow, Lum and Ball 2015
// (graphs); Tarjan and Yannakakis 1984 (which graphs decompose); Darroch and others 1993,
// Rivest and Baillargeon 2007 (people who differ). Whitehead, Jackson, Balch
// and Francis 2021 and Binette and Steorts 2022 say how such estimates mislead.
package estimate
