package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"khue/people"
	"khue/problem"
	"khue/regulation"
)

type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"${cmd_user_add}"`
	List     userListCmd     `cmd:"" help:"${cmd_user_list}"`
	Password userPasswordCmd `cmd:"" help:"${cmd_user_password}"`
	Posts    userPostsCmd    `cmd:"" help:"${cmd_user_posts}"`
	Close    userCloseCmd    `cmd:"" help:"${cmd_user_close}"`
}

// strictJSON reads one JSON value and refuses keys that the target does not have, and anything behind it.
func strictJSON(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// What goes over the socket for each verb.
type (
	userAdd struct {
		Email    string   `json:"email"`
		Name     string   `json:"name"`
		NameEN   string   `json:"name_en,omitempty"`
		Title    string   `json:"title,omitempty"`
		Phone    string   `json:"phone,omitempty"`
		Lang     string   `json:"lang,omitempty"`
		Posts    []string `json:"posts,omitempty"`
		Password string   `json:"password,omitempty"`
	}
	userList struct {
		Text   string `json:"text,omitempty"`
		Role   string `json:"role,omitempty"`
		Office string `json:"office,omitempty"`
		Closed bool   `json:"closed,omitempty"`
	}
	userOne struct {
		Email    string   `json:"email"`
		Posts    []string `json:"posts,omitempty"`
		Password string   `json:"password,omitempty"`
	}
	userRow struct {
		ID     string   `json:"id"`
		Email  string   `json:"email"`
		Name   string   `json:"name"`
		Posts  []string `json:"posts"`
		State  string   `json:"state"` // "open", "invited", "unverified", "closed"
		Outlet string   `json:"outlet,omitempty"`
		Link   string   `json:"link,omitempty"`
	}
)

func rowOf(a people.Account) userRow {
	r := userRow{ID: a.ID, Email: a.Email, Name: a.Name, State: "open", Outlet: a.Outlet, Posts: []string{}}
	switch {
	case a.Closed:
		r.State = "closed"
	case !a.Verified:
		r.State = "unverified"
	case !a.HasPassword:
		r.State = "invited"
	}
	for _, p := range a.Posts {
		r.Posts = append(r.Posts, string(p.Role)+"@"+p.Office)
	}
	return r
}

// postsOf reads posts written "role@OFFICE".
func postsOf(list []string) ([]regulation.Post, error) {
	var posts []regulation.Post
	for _, s := range list {
		role, office, ok := strings.Cut(strings.TrimSpace(s), "@")
		if !ok || role == "" || office == "" {
			return nil, problem.New(problem.Usage, "why", s+" (editor@TTBC)")
		}
		posts = append(posts, regulation.Post{Role: regulation.Role(role), Office: office})
	}
	return posts, nil
}

// on makes a verb of a function that takes its arguments as a struct.
func on[T any](do func(ctx context.Context, by regulation.Actor, in T) (any, error)) verb {
	return func(ctx context.Context, by regulation.Actor, args json.RawMessage) (any, error) {
		var in T
		if err := strictJSON(args, &in); err != nil {
			return nil, problem.Wrap(err, problem.Usage, "why", err.Error())
		}
		return do(ctx, by, in)
	}
}

// userVerbs is what the socket offers of accounts.
func userVerbs(p *people.Room) map[string]verb {
	one := func(do func(ctx context.Context, by regulation.Actor, a people.Account, in userOne) (userRow, error)) verb {
		return on(func(ctx context.Context, by regulation.Actor, in userOne) (any, error) {
			a, err := p.AccountByEmail(ctx, in.Email)
			if err != nil {
				return nil, err
			}
			return do(ctx, by, a, in)
		})
	}
	return map[string]verb{
		"user.add": on(func(ctx context.Context, by regulation.Actor, in userAdd) (any, error) {
			posts, err := postsOf(in.Posts)
			if err != nil {
				return nil, err
			}
			made, err := p.CreateAccount(ctx, by, people.NewAccount{Email: in.Email, Name: in.Name, NameEN: in.NameEN, Title: in.Title, Phone: in.Phone, Lang: in.Lang, Posts: posts, Password: in.Password})
			row := rowOf(made.Account)
			row.Link = made.Link
			return row, err
		}),
		"user.list": on(func(ctx context.Context, by regulation.Actor, in userList) (any, error) {
			list, err := p.ListAccounts(ctx, by, people.Filter{Text: in.Text, Role: regulation.Role(in.Role), Office: in.Office, Closed: in.Closed, Limit: 2000})
			rows := make([]userRow, len(list))
			for i, a := range list {
				rows[i] = rowOf(a)
			}
			return rows, err
		}),
		"user.password": one(func(ctx context.Context, by regulation.Actor, a people.Account, in userOne) (userRow, error) {
			row := rowOf(a)
			if in.Password != "" {
				return row, p.SetPassword(ctx, by, a.ID, in.Password)
			}
			var err error
			row.Link, err = p.SendLink(ctx, by, a.ID, people.Reset)
			return row, err
		}),
		"user.posts": one(func(ctx context.Context, by regulation.Actor, a people.Account, in userOne) (userRow, error) {
			posts, err := postsOf(in.Posts)
			if err != nil {
				return userRow{}, err
			}
			a, err = p.SetPosts(ctx, by, people.SetPosts{Account: a.ID, Posts: posts})
			return rowOf(a), err
		}),
		"user.close": one(func(ctx context.Context, by regulation.Actor, a people.Account, _ userOne) (userRow, error) {
			err := p.Close(ctx, by, a.ID, 0)
			a.Closed, a.Posts = true, nil
			return rowOf(a), err
		}),
	}
}

type userAddCmd struct {
	Email  string   `arg:"" placeholder:"EMAIL" help:"${cmd_user_email}"`
	Name   string   `required:"" placeholder:"NAME" help:"${cmd_user_name}"`
	NameEN string   `name:"name-en" placeholder:"NAME" help:"${cmd_user_name_en}"`
	Title  string   `placeholder:"TITLE" help:"${cmd_user_title}"`
	Phone  string   `placeholder:"NUMBER" help:"${cmd_user_phone}"`
	Reads  string   `placeholder:"vi|en" help:"${cmd_user_reads}"`
	Post   []string `placeholder:"ROLE@OFFICE" help:"${cmd_user_post}"`
	Stdin  bool     `help:"${cmd_user_stdin}"`
}

// Run adds an account; without a password it prints the link by which the person chooses one.
func (c *userAddCmd) Run(e *env) error {
	password, err := e.password(c.Stdin)
	if err != nil {
		return err
	}
	var row userRow
	err = e.ask("user.add", userAdd{c.Email, c.Name, c.NameEN, c.Title, c.Phone, c.Reads, c.Post, password}, &row)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.user.added", "email", row.Email, "posts", strings.Join(row.Posts, ", ")))
	e.printLink(row)
	return nil
}

func (e *env) printLink(row userRow) {
	if row.Link != "" {
		fmt.Fprintln(e.stdout, e.lang.T("cmd.user.link", "link", row.Link))
	}
}

// password reads the first line of standard input, when it was asked for: a password on the command line is seen by every process.
func (e *env) password(stdin bool) (string, error) {
	if !stdin {
		return "", nil
	}
	line, err := bufio.NewReader(io.LimitReader(e.stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", problem.Of("password", problem.Required)
	}
	return line, nil
}

type userListCmd struct {
	Text   string `arg:"" optional:"" placeholder:"TEXT" help:"${cmd_user_text}"`
	Role   string `placeholder:"ROLE" help:"${cmd_user_role}"`
	Office string `placeholder:"CODE" help:"${cmd_user_office}"`
	Closed bool   `help:"${cmd_user_closed}"`
	JSON   bool   `name:"json" help:"${cmd_user_json}"`
}

// Run lists accounts: a table for people, or one JSON object a line.
func (c *userListCmd) Run(e *env) error {
	var rows []userRow
	if err := e.ask("user.list", userList{c.Text, c.Role, c.Office, c.Closed}, &rows); err != nil {
		return err
	}
	if c.JSON {
		return printRows(e.stdout, rows)
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Email, r.Name, strings.Join(r.Posts, " "), e.lang.T("cmd.user.state."+r.State))
	}
	return w.Flush()
}

type userPasswordCmd struct {
	Email string `arg:"" placeholder:"EMAIL" help:"${cmd_user_email}"`
	Stdin bool   `help:"${cmd_user_stdin}"`
}

// Run mails and prints a link for a new password, or sets the one from standard input.
func (c *userPasswordCmd) Run(e *env) error {
	password, err := e.password(c.Stdin)
	if err != nil {
		return err
	}
	var row userRow
	if err := e.ask("user.password", userOne{Email: c.Email, Password: password}, &row); err != nil {
		return err
	}
	if password != "" {
		fmt.Fprintln(e.stdout, e.lang.T("cmd.user.password-set", "email", row.Email))
	}
	e.printLink(row)
	return nil
}

type userPostsCmd struct {
	Email string   `arg:"" placeholder:"EMAIL" help:"${cmd_user_email}"`
	Post  []string `arg:"" optional:"" placeholder:"ROLE@OFFICE" help:"${cmd_user_post}"`
}

// Run replaces the posts of an account.
func (c *userPostsCmd) Run(e *env) error {
	var row userRow
	if err := e.ask("user.posts", userOne{Email: c.Email, Posts: c.Post}, &row); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.user.posts-set", "email", row.Email, "posts", strings.Join(row.Posts, ", ")))
	return nil
}

type userCloseCmd struct {
	Email string `arg:"" placeholder:"EMAIL" help:"${cmd_user_email}"`
}

// Run closes an account for good.
func (c *userCloseCmd) Run(e *env) error {
	var row userRow
	if err := e.ask("user.close", userOne{Email: c.Email}, &row); err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, e.lang.T("cmd.user.closed-now", "email", row.Email))
	return nil
}
