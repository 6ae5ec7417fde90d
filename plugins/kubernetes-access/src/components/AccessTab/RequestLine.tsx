import { LinkButton } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';
import { CancelAction } from '../RequestActions';
import { RemovalSentence } from '../RequestSentences';
import { DetailsLink, PhaseLabel, Place } from '../ui';
import { AgainLater } from './AgainLater';
import { AskButton } from './AskButton';
import { Line } from './Line';
import { useTabPaths } from './paths';
import { RequestSentence } from './RequestSentence';

interface RequestLineProps {
  request: AccessRequest;
  mayAskAgain: boolean;
  refresh(): Promise<void>;
}

/** Where a request of the reader's stands, and what they can do about it. */
export function RequestLine(props: RequestLineProps) {
  const { request, refresh } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const paths = useTabPaths();
  const hasEnded = isTerminal(request.phase);
  return (
    <Line
      label={<PhaseLabel phase={request.phase} />}
      note={
        <>
          <Place cluster={request.cluster} targets={request.targets} />
          <DetailsLink requestId={request.id} label={t('access.details')} />
          {request.phase === 'Pending' && <> · {t('access.notified')}</>}
          {request.askAgainAt && (
            <>
              {' · '}
              <AgainLater
                at={request.askAgainAt}
                asOf={request.asOf}
                onOver={refresh}
              />
            </>
          )}
          {request.message && <> · {request.message}</>}{' '}
          {hasEnded && <RemovalSentence removal={request.removal} />}
        </>
      }
      actions={
        <>
          {request.actions.openSession && (
            <LinkButton to={paths.terminal} variant="contained" color="primary">
              {t('access.openTerminal')}
            </LinkButton>
          )}
          <CancelAction request={request} onChanged={refresh} />
          {hasEnded && props.mayAskAgain && (
            <AskButton label={t('access.askAgain')} />
          )}
        </>
      }
    >
      <RequestSentence request={request} onOver={refresh} />
    </Line>
  );
}
