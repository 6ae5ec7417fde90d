import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { useId, useRef } from 'react';
import { useFocusRescue } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { DetailsLink, Person, PhaseLabel, Quote, When } from '../ui';
import { CardFacts } from './CardFacts';
import { DecisionButtons } from './DecisionButtons';
import { Outcome } from './Outcome';
import { RequesterAvatar } from './RequesterAvatar';
import { useReview } from './useReview';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    padding: theme.spacing(3),
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(2),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
  },
  header: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1, 2),
    alignItems: 'flex-start',
  },
  who: {
    flex: '1 1 0',
    minWidth: 180,
    overflowWrap: 'anywhere',
    // On a phone the state gets a line of its own, so that the sentence has room.
    [theme.breakpoints.down('xs')]: { minWidth: '75%' },
  },
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
  const classes = useStyles();
  const titleId = useId();
  const review = useReview(request);
  const cardRef = useRef<HTMLElement>(null);
  const rescue = useFocusRescue(cardRef);
  return (
    <Paper
      component="article"
      ref={cardRef}
      tabIndex={-1}
      variant="outlined"
      aria-labelledby={titleId}
      className={classes.root}
      {...rescue}
    >
      <div className={classes.header}>
        <RequesterAvatar entityRef={request.requester} />
        <div className={classes.who}>
          <Typography id={titleId} variant="subtitle1" component="h2">
            {t('approvals.asks', {
              person: <Person entityRef={request.requester} />,
              entity: <EntityRefLink entityRef={request.entityRef} hideIcon />,
            })}
          </Typography>
          <Typography variant="body2" color="textSecondary">
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
      <CardFacts request={request} review={review} />
      {request.actions.decide ? (
        <DecisionButtons {...props} pods={review.review?.pods} />
      ) : (
        <Outcome request={request} />
      )}
    </Paper>
  );
}
