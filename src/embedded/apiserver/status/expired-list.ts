import { ApiError } from "#embedded/api/api-error.ts";

/** 410: the list that was begun is forgotten; `continueToken` goes on with the one of now instead. */
export class ExpiredList extends ApiError {
  readonly continueToken: string;

  constructor(continueToken: string) {
    super(
      410,
      "Expired",
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the list. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    );
    this.continueToken = continueToken;
  }
}
