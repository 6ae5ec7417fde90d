import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Skeleton from '@material-ui/lab/Skeleton';
import { useEffect, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';

/** What comes sooner than this comes without a skeleton, which would only flash. */
const DELAY_MS = 300;

/** The outline of what is being loaded, once loading takes noticeably long. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t('ui.loading')} aria-busy>
      {isShown &&
        Array.from({ length: lines }, (_, index) => (
          <Skeleton
            key={index}
            height={32}
            width={`${index === 0 ? 60 : 100 - ((index * 17) % 40)}%`}
          />
        ))}
    </div>
  );
}
