// Package topic puts stories into topics with a linear model that a person can read and correct: multinomial logistic regression over
// named features, trained from words and sentences that a profile lists, and taught by corrections one after another.
//
// Main nouns: Model (a weight for each feature and label), Example (features with their label), Guess (the labels by probability).
//
// Invariants: the same examples in the same order give the same model, bit for bit; a model says of each guess which features made it;
// after Teach the taught example is guessed as it was taught. A feature is what a text says, never who said it.
//
// Imports nothing of ours. Read model.go, then train.go.
package topic
