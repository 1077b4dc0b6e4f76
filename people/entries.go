package people

import (
	"time"

	"khue/ledger"
)

// The ledger entries of this room, version 1 each. Bodies hold ids, codes and instants; the one exception is the name and title of
// a spokesperson, public by law.
const (
	kindCreated      = "people.account-created"
	kindChanged      = "people.account-changed"
	kindPosts        = "people.posts-set"
	kindClosed       = "people.account-closed"
	kindProven       = "people.account-proven"
	kindPassword     = "people.password-set"
	kindLoggedIn     = "people.session-begun"
	kindLoggedOut    = "people.session-ended"
	kindLocked       = "people.log-in-locked"
	kindRegistered   = "people.journalist-registered"
	kindVerified     = "people.journalist-verified"
	kindOutletNew    = "people.outlet-added"
	kindOutlet       = "people.outlet-verified"
	kindDelegated    = "people.delegated"
	kindStandInEnded = "people.stand-in-ended"
	kindAssigned     = "people.spokesperson-assigned"
	kindUnassigned   = "people.spokesperson-ended"
	kindListed       = "people.spokesperson-published"
	kindOffice       = "people.office-set"
	kindLinkSent     = "people.link-sent"
)

type postBody struct {
	Role   string `json:"role"`
	Office string `json:"office"`
}

type accountBody struct {
	Posts  []postBody `json:"posts,omitempty"`
	Outlet string     `json:"outlet,omitempty"`
	Fields []string   `json:"fields,omitempty"` // names of the fields that changed, never what is in them
	Reason string     `json:"reason,omitempty"` // a code
	Via    string     `json:"via,omitempty"`    // "password", "sso", "link", "command"
	ID     string     `json:"id,omitempty"`     // of the session or link
}

type standInBody struct {
	ID     string `json:"id"`
	Giver  string `json:"giver"`
	Holder string `json:"holder"`
	Role   string `json:"role"`
	Office string `json:"office"`
	Matter string `json:"matter"`
	Until  string `json:"until"`
	Paper  string `json:"paper"`
}

type spokespersonBody struct {
	ID      string `json:"id"`
	Office  string `json:"office"`
	Name    string `json:"name,omitempty"`
	Title   string `json:"title,omitempty"`
	Since   string `json:"since,omitempty"`
	Instead string `json:"instead,omitempty"` // id of the one before
}

type officeBody struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	NameEN    string `json:"name_en"`
	Kind      string `json:"kind"`
	Parent    string `json:"parent,omitempty"`
	ValidFrom string `json:"valid_from,omitempty"`
	ValidTo   string `json:"valid_to,omitempty"`
}

type outletBody struct {
	ID   string `json:"id"`
	Host string `json:"host,omitempty"`
}

func entry(kind, actor, thing string, at time.Time, body any) ledger.Entry {
	return ledger.Entry{Kind: kind, Actor: actor, Thing: thing, Body: body, At: at}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
