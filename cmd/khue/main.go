// Command khue is the whole press centre in one program. Run khue --help.
//
// main.go reads the command line; each command has its file; wire.go puts the rooms together. Nothing here decides anything:
// rules live in the rooms.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"khue/catalogue"
	"khue/problem"
	"khue/regulation"
)

// Exit codes of every command.
const (
	exitOK    = 0
	exitBad   = 1 // some input was bad, or the work failed
	exitUsage = 2 // wrong usage
)

// cli is the command line; help texts are catalogue keys, filled in by vars.
type cli struct {
	Config string `placeholder:"FILE" help:"${cmd_flag_config}"`
	Data   string `placeholder:"DIR" help:"${cmd_flag_data}"`
	Lang   string `placeholder:"vi|en" help:"${cmd_flag_lang}"`

	Demo       demoCmd       `cmd:"" help:"${cmd_demo}"`
	Serve      serveCmd      `cmd:"" help:"${cmd_serve}"`
	Ledger     ledgerCmd     `cmd:"" help:"${cmd_ledger}"`
	Backup     backupCmd     `cmd:"" help:"${cmd_backup}"`
	Restore    restoreCmd    `cmd:"" help:"${cmd_restore}"`
	Migrate    migrateCmd    `cmd:"" help:"${cmd_migrate}"`
	Conf       configCmd     `cmd:"" name:"config" help:"${cmd_config}"`
	Version    versionCmd    `cmd:"" help:"${cmd_version}"`
	Radar      radarCmd      `cmd:"" help:"${cmd_radar}"`
	Text       textCmd       `cmd:"" help:"${cmd_text}"`
	Claim      claimCmd      `cmd:"" help:"${cmd_claim}"`
	User       userCmd       `cmd:"" help:"${cmd_user}"`
	Source     sourceCmd     `cmd:"" help:"${cmd_source}"`
	Regulation regulationCmd `cmd:"" help:"${cmd_regulation}"`
	Verify     verifyCmd     `cmd:"" help:"${cmd_verify}"`
}

// env is what a command gets from outside, so that tests hand in their own.
type env struct {
	ctx      context.Context
	lang     catalogue.Lang
	settings Settings
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
}

func main() { os.Exit(Main()) }

// Main runs the program with the process's arguments and gives its exit code; command scripts run it too.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
}

// locale finds the language: --lang, KHUE_LANG, then LC_ALL, LC_MESSAGES, LANG; Vietnamese when none says English.
func locale(args, environ []string) catalogue.Lang {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--lang="); ok {
			return catalogue.Parse(v)
		}
		if a == "--lang" && i+1 < len(args) {
			return catalogue.Parse(args[i+1])
		}
	}
	get := func(name string) string {
		for _, e := range environ {
			if v, ok := strings.CutPrefix(e, name+"="); ok {
				return v
			}
		}
		return ""
	}
	for _, name := range []string{"KHUE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := get(name); v != "" {
			return catalogue.Parse(v)
		}
	}
	return catalogue.VI
}

// vars gives kong the help texts: ${cmd_x_y} is the catalogue's cmd.x.y.
func vars(l catalogue.Lang) kong.Vars {
	v := kong.Vars{}
	for _, k := range catalogue.Keys(l) {
		if strings.HasPrefix(k, "cmd.") {
			v[strings.NewReplacer(".", "_", "-", "_").Replace(k)] = l.T(k)
		}
	}
	return v
}

// helpIn prints help with its headings in a language: kong has them in English only.
func helpIn(l catalogue.Lang) kong.HelpPrinter {
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		out := ctx.Stdout
		var text strings.Builder
		ctx.Stdout = &text
		err := kong.DefaultHelpPrinter(options, ctx)
		ctx.Stdout = out
		if err != nil {
			return err
		}
		lines := strings.Split(text.String(), "\n")
		for i, line := range lines {
			switch {
			case strings.HasPrefix(line, "Usage: "):
				lines[i] = l.T("cmd.help.usage") + strings.TrimPrefix(line, "Usage:")
			case line == "Flags:", line == "Arguments:", line == "Commands:":
				lines[i] = l.T("cmd.help." + strings.ToLower(strings.TrimSuffix(line, ":")))
			case strings.HasPrefix(line, "Run \""):
				_, rest, _ := strings.Cut(line, "\"")
				command, _, _ := strings.Cut(rest, "\"")
				lines[i] = l.T("cmd.help.more", "command", command)
			}
		}
		_, err = io.WriteString(out, strings.Join(lines, "\n"))
		return err
	}
}

type exited int

func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	lang := locale(args, environ)
	var c cli
	parser, err := kong.New(&c, kong.Name("khue"), kong.Description(lang.T("cmd.khue")), vars(lang),
		kong.Writers(stdout, stderr), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}), kong.Help(helpIn(lang)),
		kong.Exit(func(code int) { panic(exited(code)) }))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	parser.Model.HelpFlag.Help = lang.T("cmd.flag.help")
	defer func() { // --help ends through kong.Exit
		if p := recover(); p != nil {
			e, ok := p.(exited)
			if !ok {
				panic(p)
			}
			code = int(e)
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(stderr, lang.Error(problem.Wrap(err, problem.Usage, "why", err.Error())))
		fmt.Fprintln(stderr, lang.T("cmd.try-help"))
		return exitUsage
	}
	flags := map[string]any{}
	if c.Data != "" {
		flags["data"] = c.Data
	}
	if f, ok := k.Selected().Target.Addr().Interface().(interface{ flags() map[string]any }); ok {
		for key, v := range f.flags() {
			flags[key] = v
		}
	}
	settings, err := LoadSettings(c.Config, environ, flags)
	if err != nil {
		fmt.Fprintln(stderr, lang.Error(err))
		return exitUsage
	}
	e := &env{ctx: ctx, lang: lang, settings: settings, stdin: stdin, stdout: stdout, stderr: stderr}
	if err := k.Run(e); err != nil {
		return e.fail(err)
	}
	return exitOK
}

// fail says in words what went wrong. The hidden cause follows for the operator, who is the reader here.
func (e *env) fail(err error) int {
	var quiet errBadInput
	if errors.As(err, &quiet) {
		return exitBad
	}
	var faults regulation.Faults
	if errors.As(err, &faults) {
		e.faults(faults)
		return exitBad
	}
	code := problem.CodeOf(err)
	if code == problem.Internal {
		fmt.Fprintln(e.stderr, err)
		return exitBad
	}
	fmt.Fprintln(e.stderr, e.lang.Error(err))
	var p *problem.Error
	if errors.As(err, &p) && p.Err != nil && code != problem.Usage {
		fmt.Fprintln(e.stderr, "  "+p.Err.Error())
	}
	if code == problem.Usage {
		return exitUsage
	}
	return exitBad
}

// errBadInput ends a command with exit code 1 after it has said itself what was bad.
type errBadInput struct{}

func (errBadInput) Error() string { return "some input was bad" }
