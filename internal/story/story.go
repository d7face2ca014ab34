// Package story holds the tests of the whole house: the worked example played
// through the real program, on both databases, by command, over HTTP and in a
// browser. There is nothing in it but tests.
package story
