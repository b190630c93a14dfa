/**
 * The first language tag that `Intl` accepts. Some browsers report the language of their environment instead of a tag:
 * `C`, `en_GB.UTF-8`, `de@euro`.
 */
export function firstLocaleOf(tags: readonly (string | null | undefined)[]): string {
  for (const tag of tags) {
    try {
      const [locale] = Intl.getCanonicalLocales((tag ?? '').replace(/[.@].*$/, '').replaceAll('_', '-'));
      if (locale) return locale;
    } catch {
      // Not a valid tag: try the next one.
    }
  }
  return 'en-GB';
}

/** The locale in which this page writes and reads numbers and dates. */
export const locale = firstLocaleOf([navigator.language, ...(navigator.languages ?? [])]);
