package door

import (
	"net/http"

	"khue/people"
	"khue/web/frame"
)

// stateCookie holds what the city's answer must match; it lives for the minutes that a log-in takes.
const stateCookie = "khue_city"

// stateFor is how long a log-in at the city may take, in seconds.
const stateFor = 600

// toCity sends a person to the city's single sign-on.
func (d door) toCity(w http.ResponseWriter, r *frame.Request) error {
	page, state, err := d.s.People.BeginSSO(r.Context(), local(r.URL.Query().Get("next")))
	if err != nil {
		return err
	}
	http.SetCookie(w, d.s.Cookie(stateCookie, state, stateFor))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r.Request, page, http.StatusSeeOther)
	return nil
}

// fromCity takes the city's answer.
func (d door) fromCity(w http.ResponseWriter, r *frame.Request) error {
	q := r.URL.Query()
	in := people.SSOReturn{Code: q.Get("code"), State: q.Get("state"), Fault: q.Get("error"), Cookie: d.s.CookieValue(r, stateCookie), Address: r.From.String(), Agent: r.UserAgent()}
	http.SetCookie(w, d.s.Cookie(stateCookie, "", -1))
	token, a, back, err := d.s.People.FinishSSO(r.Context(), in)
	if err != nil {
		return err
	}
	d.s.SetSession(w, token)
	return d.s.See(w, r, home(a, local(back)), "")
}
