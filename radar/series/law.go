package series

import "math"

// A count of mean m and spread a (variance m + a·m²) follows the negative binomial law, Poisson's for a = 0.

// large is the mean from which quantiles are told as those of a gamma law of the same mean and variance, by its cube root (Wilson and Hilferty 1931).
const large = 300.0

// quantile gives the least k with P(X ≤ k) ≥ p.
func quantile(m, a, p float64) float64 {
	if m <= 0 {
		return 0
	}
	if m > large {
		z := math.Sqrt2 * math.Erfinv(2*p-1)
		k := 9 * m * m / (m + a*m*m) // nine times the shape
		root := max(0, 1-1/k+z/math.Sqrt(k))
		return max(0, math.Ceil(m*root*root*root-0.5))
	}
	q, r := 0.0, 0.0
	if a > 1e-9 {
		q, r = a*m/(1+a*m), 1/a
	}
	prob := zero(m, a)
	sum, k := prob, 0.0
	for sum < p && k < 1e5 {
		if q > 0 {
			prob *= q * (r + k) / (k + 1)
		} else {
			prob *= m / (k + 1)
		}
		k++
		sum += prob
	}
	return k
}

// zero is P(X = 0).
func zero(m, a float64) float64 {
	if a > 1e-9 {
		return math.Exp(-math.Log1p(a*m) / a)
	}
	return math.Exp(-m)
}

// Surprise says how far a count lies from its mean, in units like those of a normal law: the signed root of the deviance.
func Surprise(n, m, a float64) float64 {
	m = max(m, 1e-6)
	d := 0.0
	if n > 0 {
		d = n * math.Log(n/m)
	}
	if a > 1e-9 {
		r := 1 / a
		d -= (n + r) * math.Log((n+r)/(m+r))
	} else {
		d -= n - m
	}
	s := math.Sqrt(max(0, 2*d))
	if n < m {
		return -s
	}
	return s
}
