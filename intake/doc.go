// Package intake is the door: appeals, additions and answers to a receipt arrive
// here, whether the office is open or locked for the night.
//
// # The story
//
// A relative opens the form. It carries a token (Door.Token). She sends a voice
// message and three lines over a bad line. While the bytes arrive they are sealed
// to the office's public key and written to a file of the spool; when the last one
// is there the file is synced, put in its place in the chain, and its folder synced.
// Only then she is given a receipt (Door.Receive). If her telephone never sees the
// answer and sends everything again, she gets the same receipt, because it is
// computed from the token, and the report is kept once.
//
// In the morning somebody unlocks. Intake.Drain opens each sealed report, hands its
// files to evidence and says what came in one act of the ledger, with the reason
// beside whatever a machine could not deal with. Only when that act is committed the
// spool's file is removed. The inbox shows it (Intake.Inbox); she comes back with
// her receipt (Intake.Lookup), adds more (Door.Receive with the receipt), also at
// night.
//
// # The two halves
//
// Door is all of intake that exists while the house is locked. It knows the public
// key, the intake secret, a folder, a clock and chance; no database, no private key.
// Intake is the other half and lives only while the house is unlocked.
//
// # On disk
//
// The spool is a folder of one process (docs/decisions/0041-spool-is-a-folder.md):
//
//	0000000000000012.3f…e1.9a…07.report   a sealed report, the twelfth: number, mark
//	                                      of the token, mark of the content
//	0000000000000012.head                 where the chain stood when its last file
//	                                      was taken away
//	c7…20.part                            a report that is still arriving
//	spool.id                              the folder's own name, random
//
// A report is an age file to the office's key, padded so that its size says little,
// and a trailer that chains it to the report before. No name, no language, no time
// of arrival is in clear; what a seized spool surrenders is how many reports wait and
// roughly how large each is.
//
// # The rules are
//
//   - Receive alone makes a receipt, and it does so after the file, then the folder,
//     were synced. Any error before that is told as "it was not taken".
//   - A part of a report is never a report: what was not whole leaves nothing.
//   - What was given is kept as it was given, whatever it is. What cannot be
//     understood waits for a person.
//   - Nothing of the sender is kept that she did not give: no address, no browser.
//     Rates counts on keyed hashes in memory whose key changes every hour.
//   - A receipt that is wrong, revoked or expired gets one and the same answer.
package intake
