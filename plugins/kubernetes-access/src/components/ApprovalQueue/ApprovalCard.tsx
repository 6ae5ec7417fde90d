import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { useId } from 'react';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import {
  DetailsLink,
  Fact,
  Facts,
  Person,
  PhaseLabel,
  Place,
  Quote,
  When,
} from '../ui';
import { DecisionButtons } from './DecisionButtons';
import { Outcome } from './Outcome';
import { RequesterAvatar } from './RequesterAvatar';
import { RequesterTeams } from './RequesterTeams';

const useStyles = makeStyles((theme: Theme) => ({
  root: { padding: theme.spacing(2.5), display: 'grid', gap: theme.spacing(2) },
  header: { display: 'flex', gap: theme.spacing(2), alignItems: 'flex-start' },
  who: { flexGrow: 1, minWidth: 0 },
}));

interface ApprovalCardProps {
  request: AccessRequest;
  onDecided(request: AccessRequest): void;
  /** Somebody else was faster. */
  onOvertaken(id: string): Promise<void>;
}

/** Who wants what, where, for how long and why, and what the reader can say to it. */
export function ApprovalCard(props: ApprovalCardProps) {
  const { request } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const classes = useStyles();
  const titleId = useId();
  const selectors = request.targets.flatMap(({ podSelector }) =>
    podSelector ? [podSelector] : [],
  );
  return (
    <Paper
      component="article"
      variant="outlined"
      aria-labelledby={titleId}
      className={classes.root}
    >
      <div className={classes.header}>
        <RequesterAvatar entityRef={request.requester} />
        <div className={classes.who}>
          <Typography id={titleId} variant="h6" component="h2">
            {t('approvals.asks', {
              person: <Person entityRef={request.requester} />,
              entity: <EntityRefLink entityRef={request.entityRef} hideIcon />,
            })}
          </Typography>
          <Typography variant="body2" color="textSecondary">
            <RequesterTeams entityRef={request.requester} />
            {t('approvals.asked', { when: <When at={request.createdAt} /> })}
            <DetailsLink
              requestId={request.id}
              label={t('approvals.details')}
            />
          </Typography>
        </div>
        <PhaseLabel phase={request.phase} />
      </div>
      <Quote>{request.reason}</Quote>
      <Facts>
        <Fact label={t('approvals.where')}>
          <Place cluster={request.cluster} targets={request.targets} />
        </Fact>
        {selectors.length > 0 && (
          <Fact label={t('approvals.pods')}>
            {t('approvals.podsSelector', {
              selector: <code>{selectors.join(', ')}</code>,
            })}
          </Fact>
        )}
        <Fact label={t('approvals.howLong')}>
          {durationInWords(request.durationSeconds, language)}
        </Fact>
        {request.phase === 'Pending' && (
          <Fact label={t('approvals.lapses')}>
            <When at={request.pendingUntil} />
          </Fact>
        )}
      </Facts>
      {request.actions.decide ? (
        <DecisionButtons {...props} />
      ) : (
        <Outcome request={request} />
      )}
    </Paper>
  );
}
