declare module 'vader-sentiment' {
  interface Polarity {
    /** From -1 to 1. */
    readonly compound: number
    readonly pos: number
    readonly neu: number
    readonly neg: number
  }
  const vader: {
    readonly SentimentIntensityAnalyzer: { polarity_scores(text: string): Polarity }
  }
  export default vader
}
