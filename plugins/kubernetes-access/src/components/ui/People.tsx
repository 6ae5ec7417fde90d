import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  OUTSIDE_ACTOR,
  SYSTEM_ACTOR,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { ReactNode } from 'react';
import { Fragment } from 'react';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';

/** More names than this nobody reads; the rest is a number. */
const MAX_NAMES = 3;

/** Somebody, by name and with a link, or whatever it was that acted. */
export function Person({ entityRef }: { entityRef: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  switch (entityRef) {
    case SYSTEM_ACTOR:
      return <>{t('ui.system')}</>;
    case OUTSIDE_ACTOR:
      return <>{t('ui.outside')}</>;
    default:
      return <EntityRefLink entityRef={entityRef} hideIcon />;
  }
}

interface PeopleProps {
  entityRefs: string[];
  /** Whether each of them is meant, or any one. */
  join: 'and' | 'or';
}

/** Several people as a part of a sentence: `Olga, Omar or 3 others`. */
export function People({ entityRefs, join }: PeopleProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const named =
    entityRefs.length > MAX_NAMES + 1
      ? entityRefs.slice(0, MAX_NAMES)
      : entityRefs;
  const others = entityRefs.length - named.length;
  const items: ReactNode[] = named.map(entityRef => (
    <Person key={entityRef} entityRef={entityRef} />
  ));
  if (others > 0) {
    items.push(t('ui.others', { count: others }));
  }
  return <>{joined(items, join, language)}</>;
}

/** Puts commas and the last word between items as the language does. */
function joined(
  items: ReactNode[],
  join: PeopleProps['join'],
  language: string,
): ReactNode[] {
  const format = new Intl.ListFormat(language, {
    type: join === 'or' ? 'disjunction' : 'conjunction',
  });
  return format
    .formatToParts(items.map((_, index) => String(index)))
    .map((part, index) => (
      <Fragment key={index}>
        {part.type === 'element' ? items[Number(part.value)] : part.value}
      </Fragment>
    ));
}
