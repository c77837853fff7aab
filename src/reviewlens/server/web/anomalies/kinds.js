// What kinds of anomalies are called here, and what they mean.

/** By the name that the API has: a label, and its meaning in a sentence. */
export const KINDS = {
  "off-topic": { label: "off topic", means: "Far from all other texts, even for one of its length." },
  unusual: { label: "unusual", means: "Among the tenth of the texts that is farthest, though not that far." },
  "other language": { label: "in another language", means: "In none of the languages of these reviews, or not in that of its product's reviews." },
  empty: { label: "empty of meaning", means: "Hardly a word that says anything: “ok”, “10/10”." },
  boilerplate: { label: "no real review", means: "An advert with an address and money, a message sent by a machine, filler, a log, a text that repeats itself." },
  "unlike its product": { label: "unlike its product", means: "Nearer to the reviews of another product than to its own product's." },
  "stars contradict text": { label: "stars against text", means: "Words that go with four or five stars beside one or two, or reversed." },
};

/** The kind that the third tab shows. */
export const CONTRADICTION = "stars contradict text";
