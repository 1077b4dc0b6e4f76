// Command build bundles the style sheets, scripts and fonts of web/ui into
// web/ui/dist: minified, with a hash of the content in every name, a .gz beside
// each text file and a manifest.json from plain to hashed names.
//
//	go run ./web/ui/build
//
// Run it from the root of the module, after npm ci.
package main
