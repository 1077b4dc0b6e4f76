// Package mail sends single messages to people: by SMTP, or into a folder of .eml files.
//
// The nouns are Message, and Sender with its two kinds, SMTP and Folder.
//
// Invariants: nothing of a message can add a header or a recipient; a message's Message-ID follows from its ID alone, so that a
// repeat can be dropped by whoever receives it; a Folder keeps one file a message however often it is sent.
//
// Imports problem. Read message.go first.
package mail
