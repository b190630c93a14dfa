/** The style that the plain search field and the one with suggestions share. */
export const searchFieldStyle =
  'h-11 w-full rounded-full border border-transparent bg-sunken pr-4 pl-11 placeholder:text-muted focus-visible:outline-offset-0';
