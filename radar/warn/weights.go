package warn

// wordingWeights and wordingBias are the model of a rumour's words: logistic regression over ../shared/data/vfnd (132 texts, 70 of them
// fake), classes weighed the same, with a ridge about weights set by hand (TestTrainWording makes them again). With each source left
// out in turn its AUC is 0.87: a sign, no more; the label of that collection follows its sources.
var wordingWeights = [features]float64{
	featHearsay: 1.341, featNobody: 0.772, featUrge: 1.095, featShock: 1.425, featOffice: -0.587, featCite: -1.164, featCapitals: 0.149, featMarks: 1.212,
	featValues: -1.179, featDisguised: 1.188, featShort: 0,
}

const wordingBias = 1.387
