/** What was asked for is not known now. */
export interface Silence {
  /** Why, in words for a person. */
  silent: string;
}
