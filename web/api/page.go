package api

import (
	"net/http"

	"khue/problem"
	"khue/web/frame"
)

func (a *API) page(w http.ResponseWriter, r *frame.Request) error {
	return problem.New(problem.NotFound)
}
