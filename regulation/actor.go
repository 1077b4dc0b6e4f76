package regulation

import (
	"slices"
	"time"
)

// Role is what a person is at an office (vai trò). Its words stand in the catalogue under "role.<role>".
type Role string

// The roles of the house.
const (
	Admin       Role = "admin"        // quản trị
	DutyOfficer Role = "duty-officer" // trực ban
	Editor      Role = "editor"       // biên tập viên
	Approver    Role = "approver"     // lãnh đạo duyệt
	Analyst     Role = "analyst"      // chuyên viên phân tích
	Officer     Role = "officer"      // chuyên viên
	FocalPoint  Role = "focal-point"  // đầu mối cung cấp thông tin
	OfficeHead  Role = "office-head"  // lãnh đạo cơ quan
	Spokesman   Role = "spokesperson" // người phát ngôn
	Journalist  Role = "journalist"   // nhà báo, phóng viên
	OutletLead  Role = "outlet-lead"  // người phụ trách của cơ quan báo chí
)

// Roles lists every role.
var Roles = []Role{Admin, DutyOfficer, Editor, Approver, Analyst, Officer, FocalPoint, OfficeHead, Spokesman, Journalist, OutletLead}

// Valid says whether the role exists.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Post is a role at an office; Office is its code, such as "SXD".
type Post struct {
	Role   Role
	Office string
}

// StandIn is a post held for another person (người thay): given in writing, for one matter, with an end, not passed on.
type StandIn struct {
	ID     string
	For    string // account whose post it is
	Role   Role
	Office string
	Matter string // "release/ID"
	Until  time.Time
}

// ActorKind tells people from machines.
type ActorKind int

// The kinds of actor.
const (
	Visitor ActorKind = iota // nobody is logged in
	Person
	System
)

// Actor is who acts: a plain value that people fills for each request.
type Actor struct {
	ID       string // account's id, "system:NAME", "" for a visitor
	Name     string
	Kind     ActorKind
	Posts    []Post
	StandsIn []StandIn
	Lang     string // the reader's language, "vi" or "en"
}

// Has says whether the actor holds a role at an office; an empty office means any.
func (a Actor) Has(role Role, office string) bool {
	return slices.ContainsFunc(a.Posts, func(p Post) bool { return p.Role == role && (office == "" || p.Office == office) })
}

// Offices lists the offices at which the actor holds a role.
func (a Actor) Offices(role Role) []string {
	var list []string
	for _, p := range a.Posts {
		if p.Role == role && !slices.Contains(list, p.Office) {
			list = append(list, p.Office)
		}
	}
	return list
}

// Staff says whether the actor works at the centre.
func (a Actor) Staff() bool {
	return slices.ContainsFunc(a.Posts, func(p Post) bool {
		switch p.Role {
		case Admin, DutyOfficer, Editor, Approver, Analyst:
			return true
		}
		return false
	})
}

// Desk says whether the actor may enter the desk at all: staff, and the people of offices.
func (a Actor) Desk() bool {
	return a.Staff() || a.Has(FocalPoint, "") || a.Has(Officer, "") || a.Has(OfficeHead, "") || a.Has(Spokesman, "")
}

// SystemActor gives the actor of a machine's act.
func SystemActor(name string) Actor {
	return Actor{ID: "system:" + name, Name: name, Kind: System}
}

// Thing is what is acted on, as far as rights ask.
type Thing struct {
	Kind    string // "release"
	ID      string
	Office  string // the office that it belongs to
	Author  string // account that made it
	Drafter string // account that wrote the version at hand
	State   string // the thing's state, as its room names it
	Facts   map[string]any
}

// Ref gives the thing as the ledger names it: "release/ID".
func (t Thing) Ref() string { return t.Kind + "/" + t.ID }
