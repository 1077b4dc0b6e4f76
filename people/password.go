package people

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"khue/problem"
)

// Cost is the work of one argon2id hash.
type Cost struct {
	Time    uint32 // passes
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultCost is the second recommended option of RFC 9106, section 4.
var DefaultCost = Cost{Time: 3, Memory: 64 << 10, Threads: 4}

// Bounds of a stored hash, so that a row from elsewhere cannot make us take the machine's memory.
const (
	maxCostTime   = 64
	maxCostMemory = 1 << 20 // KiB
	saltBytes     = 16
	keyBytes      = 32
)

// Bounds of a password. NIST SP 800-63B: length counts, rules about kinds of characters do not.
const (
	minPassword = 10  // characters
	maxPassword = 256 // bytes
)

// hashPassword gives the hash in the PHC form "$argon2id$v=19$m=…,t=…,p=…$SALT$KEY".
func hashPassword(password string, c Cost) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) //nolint:errcheck // never fails since Go 1.24
	key := argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Time, c.Memory, c.Threads, keyBytes)
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads, e.EncodeToString(salt), e.EncodeToString(key))
}

// parseHash takes a hash apart; ok is false for what hashPassword could not have made.
func parseHash(hash string) (c Cost, salt, key []byte, ok bool) {
	part := strings.Split(hash, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v="+strconv.Itoa(argon2.Version) {
		return c, nil, nil, false
	}
	var n [3]uint64
	fields := strings.Split(part[3], ",")
	if len(fields) != 3 {
		return c, nil, nil, false
	}
	for i, name := range []string{"m=", "t=", "p="} {
		digits, has := strings.CutPrefix(fields[i], name)
		v, err := strconv.ParseUint(digits, 10, 32)
		if !has || err != nil {
			return c, nil, nil, false
		}
		n[i] = v
	}
	if n[0] > maxCostMemory || n[1] == 0 || n[1] > maxCostTime || n[2] == 0 || n[2] > 255 {
		return c, nil, nil, false
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(part[4])
	key, err2 := base64.RawStdEncoding.Strict().DecodeString(part[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(salt) > 64 || len(key) != keyBytes {
		return c, nil, nil, false
	}
	return Cost{Time: uint32(n[1]), Memory: uint32(n[0]), Threads: uint8(n[2])}, salt, key, true
}

// opens says whether the password belongs to the hash. An empty or foreign hash costs the same as a real one and is never opened.
func (p *Room) opens(ctx context.Context, hash, password string) (bool, error) {
	select {
	case p.hashing <- struct{}{}:
		defer func() { <-p.hashing }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	c, salt, want, ok := parseHash(hash)
	if !ok {
		c, salt, want, _ = parseHash(p.dummy)
	}
	got := argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Time, c.Memory, c.Threads, keyBytes)
	return subtle.ConstantTimeCompare(got, want) == 1 && ok, nil
}

// hash makes the hash of a new password.
func (p *Room) hash(ctx context.Context, password string) (string, error) {
	select {
	case p.hashing <- struct{}{}:
		defer func() { <-p.hashing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	return hashPassword(password, p.c.Cost), nil
}

// checkPassword says what is wrong with a new password. about holds what it may not be made of: the address, the name.
func checkPassword(password string, about ...string) *problem.Error {
	n := utf8.RuneCountInString(password)
	switch {
	case password == "":
		return problem.Of("password", problem.Required)
	case !utf8.ValidString(password), len(password) > maxPassword:
		return problem.Of("password", problem.Invalid, "why", "@people.why.password-long")
	case n < minPassword:
		return problem.Of("password", problem.Invalid, "why", "@people.why.password-short")
	}
	kinds := map[rune]bool{}
	for _, r := range password {
		kinds[r] = true
	}
	if len(kinds) < 5 {
		return problem.Of("password", problem.Invalid, "why", "@people.why.password-plain")
	}
	low := strings.ToLower(password)
	for _, a := range about {
		a, _, _ = strings.Cut(strings.ToLower(a), "@")
		if len(a) >= 4 && strings.Contains(low, a) && n-utf8.RuneCountInString(a) < 6 {
			return problem.Of("password", problem.Invalid, "why", "@people.why.password-about")
		}
	}
	return nil
}
