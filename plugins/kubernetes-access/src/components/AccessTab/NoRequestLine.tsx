import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessProblem } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';
import { AskButton } from './AskButton';
import { Line } from './Line';

interface NoRequestLineProps {
  /** What the reader calls the entity. */
  title: string;
  /** Why they cannot ask. */
  problem?: AccessProblem;
}

/** Somebody who has not asked yet: may they, and if not, why not and who can help. */
export function NoRequestLine({ title, problem }: NoRequestLineProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <Line
      note={problem?.message}
      actions={!problem && <AskButton label={t('access.ask')} />}
    >
      {problem
        ? t('access.noneBlocked', { entity: title })
        : t('access.none', { entity: title })}
    </Line>
  );
}
