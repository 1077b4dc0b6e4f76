// Package extract reads the article out of a web page: title, text, time, author, picture, language.
//
// Main nouns: [Result], what a page tells; node, a page's tree in a light form (tree.go); line, a block of the article's text.
//
// The way: parse builds the tree in one pass over the bytes; grab.go finds the element that holds the article by points for its
// paragraphs, as Mozilla's Readability does; clean.go takes lists of links, forms and boxes out of it; write.go makes lines; refine.go
// leaves out the lines that are captions, buttons, hints to other articles, dates, notices. A page that gives too little is read again
// less strictly, at most four times.
//
// Invariants: no input makes Article panic or take more than in proportion to its size; the text is valid UTF-8, a block a line,
// without empty lines; what is shown only to machines is no text. Pure: no clock, no network. Imports only package text.
//
// Read extract.go first, then grab.go.
package extract
