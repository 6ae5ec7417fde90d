import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { EntityAccess } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';
import { AskButton } from './AskButton';
import { Line } from './Line';

/** Somebody who has not asked yet: may they, and if not, why not and who can help. */
export function NoRequestLine(props: {
  access: EntityAccess;
  title: string;
  mayAsk: boolean;
}) {
  const { access, title, mayAsk } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <Line
      note={access.problem?.message}
      actions={mayAsk && <AskButton label={t('access.ask')} />}
    >
      {t('access.none', { entity: title })}
    </Line>
  );
}
