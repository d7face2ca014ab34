// Package reading suggests the figures of an article: how many people somebody says
// there are, who says so, through whom, and when. It is pure and decides nothing. A
// suggestion becomes a statement when a person has looked at it and accepts it.
//
// # The way of an article
//
//	bytes        UTF-8 text, or a page of HTML of which only the words are read
//	 paragraphs  each by itself, so that memory and time follow the length
//	 tokens      words, numbers in digits, marks, each with its place in code points
//	 sentences   and the quotations that run through them
//	 dates       "on Monday", «13 октября», resolved against the day of publication
//	 speech      who says something in the sentence, and which part of it
//	 figures     each number that counts people, with its unit, its words, its speaker
//
// # The grammar
//
// The rules are the same for English and Russian; a grammar holds what a language says
// in its own words. A number is digits or words with a scale; its qualifier stands
// before it, except in «человек двести», where the order itself says "about". It is a
// figure when a noun for people (or camps, prisons, appeals, the dead) follows, with
// adjectives between; or without a noun, when people's deeds follow ("about 100
// escaped"), when a count was announced ("put the toll at 17"), or when it carries on
// another figure ("122 from Iraq and 152 from Syria"). Whatever is a date, an hour, an
// age, money, a telephone number, a page or an article of law is none. A number without
// a noun counts what its speaker counted before; another speaker may count others, and
// then it is only people.
//
// A speaker is the subject of a verb of saying, before or behind it, or follows
// "according to". What is introduced ("X said that …") belongs to the nearest speaker
// before it; what is closed (", X said") to the nearest behind it; a quotation of several
// sentences to whoever is named at its end, or to whoever was speaking; «Об этом
// сообщил X» reaches back over its paragraph. "She" is the last who spoke and is no
// outlet; "the ministry" and a bare surname are the one met before. "X, citing Y" makes
// Y the speaker and X the carrier, unless Y are nameless sources and X is no news
// outlet: then X speaks, and the sources are its basis. A sentence that names nobody
// is the report's own: no speaker is made up for it.
//
// The verb gives the stance: "denied", "dismissed" deny; "estimates" estimates;
// "corrected" corrects, and what it was corrected from is withdrawn.
//
// What is said without a number and answers one ("the YPG emptied the jail", "dismissed the
// claim") and rules ("only children were accepted") are suggested apart, as Claims.
//
// # What is not made up
//
// "At least 50" has no upper bound and "up to 50" no lower; "about 100" is 100 and the
// word. Vague words carry the least they can mean: tens 10, dozens 12, scores 20,
// hundreds 100, several hundred 200. "On Monday" has no date without a day of
// publication, only its words. docs/reading.md says what is missed, and how often.
package reading
