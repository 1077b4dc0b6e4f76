package main

import (
	_ "github.com/markusmobius/go-trafilatura"
	_ "github.com/mmcdole/gofeed"
)
