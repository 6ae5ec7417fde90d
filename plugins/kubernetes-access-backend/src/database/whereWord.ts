import type { Knex } from 'knex';
import { isPostgres } from './rawConnection';
import { TABLES } from './tables';

/**
 * Narrows a query to requests in whose entity, requester, deciders or reason a word stands, in upper or lower case.
 *
 * The reason is a part of the terms, which are JSON. Reading JSON is slow, so that the text as a whole is searched
 * first: a word that is not in it is not in the reason either.
 */
export function whereWord(builder: Knex.QueryBuilder, word: string): void {
  const pattern = patternOf(word);
  const inJson = patternOf(JSON.stringify(word).slice(1, -1));
  const postgres = isPostgres(builder);
  const like = postgres ? 'ilike' : 'like';
  const reason = postgres
    ? `(terms::json->>'reason')`
    : `json_extract(terms, '$.reason')`;
  builder.where(any =>
    any
      .whereRaw(`entity_ref ${like} ? escape '\\'`, pattern)
      .orWhereRaw(`requester ${like} ? escape '\\'`, pattern)
      .orWhereRaw(
        `(case when terms ${like} ? escape '\\' then ${reason} ${like} ? escape '\\' else false end)`,
        [inJson, pattern],
      )
      .orWhereIn('id', function deciders() {
        this.select('request_id')
          .from(TABLES.requestPeople)
          .where('role', 'decider')
          .whereRaw(`ref ${like} ? escape '\\'`, pattern);
      }),
  );
}

/** The word anywhere, with nothing in it that means anything else. */
function patternOf(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`;
}
