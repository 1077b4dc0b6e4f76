package people

import "errors"

// SSOConfig is the city's single sign-on.
type SSOConfig struct{ Issuer string }

// Validate names the setting that is wrong.
func (c SSOConfig) Validate() error {
	if c.Issuer == "" {
		return errors.New("people: sso: issuer is empty")
	}
	return nil
}

type sso struct{ c SSOConfig }
