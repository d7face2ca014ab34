// Package linkage says which records of a list are one person, or which records of
// two lists are: by weights that it learns from the list itself, without being told
// one pair, and that a person can read. It is pure; it opens no file and keeps
// nothing.
//
// # The way of a list
//
//	rows                 as they come, cells of text
//	 schema      schema.go    what the columns mean, by header and content, in several languages
//	 records     records.go   each cell interned: a record is a row of numbers, a text is read once
//	             seal.go      joined names taken apart; an order that depends on nothing but content
//	 candidates  atoms.go     coarse forms of what a record says: consonants, year, day, town, telephone
//	             blocks.go    keys of one to three of them; who shares a small block is looked at
//	 learning    train.go     how often one person's reports agree at each level, and strangers by chance
//	             depend.go    which fields agree together, so that one thing is not counted twice
//	 weights     model.go     what two records say of each other, in bits
//	 people      cluster.go   groups by average weight; of two lists, one record to one
//	 reasons     explain.go   the same weights in words
//
// # The model
//
// It is that of Fellegi and Sunter (1969): each field of two records agrees at one of
// a few levels, and a level weighs the logarithm of how much oftener it is met
// between reports about one person than between others. Agreement in a rare value
// weighs more than in a frequent one. Beside the same person and strangers there is a
// third class, two of one household, who share the family's name, the father's, the
// place and the telephone, and neither given name nor date of birth: it is what keeps
// brothers apart (docs/decisions/0110). What is not written in either record says
// nothing.
//
// # What holds
//
//   - The order of the rows does not matter, nor how many workers there are.
//   - Comparing is symmetric; the weight of a pair is the sum of its reasons.
//   - Every record is in exactly one cluster.
//   - There is one configuration and one threshold. Options change neither.
package linkage
