package api

import (
	"khue/web/frame"
	"khue/web/site"
)

func registerKeys(_ *frame.Frame, _ *site.Site) {}
