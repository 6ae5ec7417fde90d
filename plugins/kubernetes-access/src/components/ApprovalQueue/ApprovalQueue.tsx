import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank, ErrorNotice, Loading, StaleNotice } from '../ui';
import { ApprovalCard } from './ApprovalCard';
import { useApprovalQueue } from './useApprovalQueue';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'grid',
    gap: theme.spacing(2),
    maxWidth: 880,
    gridTemplateColumns: 'minmax(0, 1fr)',
  },
}));

interface ApprovalQueueProps {
  /** Only requests on this entity; all by default. */
  entityRef?: string;
}

/** What waits for the reader's decision, oldest first, a card for each. */
export function ApprovalQueue({ entityRef }: ApprovalQueueProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const { live, cards, settle, look } = useApprovalQueue(entityRef);
  if (live.status === 'loading') {
    return (
      <div className={classes.root}>
        <Loading lines={8} isCard />
      </div>
    );
  }
  if (live.status === 'failed') {
    return (
      <ErrorNotice
        title={t('approvals.failed')}
        error={live.error}
        onRetry={live.refresh}
      />
    );
  }
  return (
    <div className={classes.root}>
      {/* On an entity's tab, the tab says it. */}
      {!entityRef && <StaleNotice error={live.error} />}
      {cards.map(request => (
        <ApprovalCard
          key={request.id}
          request={request}
          onDecided={settle}
          onOvertaken={look}
        />
      ))}
      {/* Below, so that the card that was just decided stays where it is. */}
      {!cards.some(({ actions }) => actions.decide) && <NothingWaits />}
    </div>
  );
}

function NothingWaits() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return <Blank title={t('approvals.none')}>{t('approvals.noneMore')}</Blank>;
}
