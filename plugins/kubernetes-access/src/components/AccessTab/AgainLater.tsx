import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEffect } from 'react';
import { remainingInWords } from '../../format';
import { useLanguage, useRemaining } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';

interface AgainLaterProps {
  /** From then on the same can be asked for again. */
  at: string;
  asOf: string;
  /** Called when that is so, which no signal has to tell. */
  onOver(): Promise<void>;
}

/** After a denial, for how long not to ask again. */
export function AgainLater({ at, asOf, onOver }: AgainLaterProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const remaining = useRemaining(at, asOf);
  const isOver = remaining === 0;
  useEffect(() => {
    if (isOver) {
      // It never rejects.
      onOver();
    }
  }, [isOver, onOver]);
  return (
    <span aria-live="off">
      {t('access.askAgainIn', { left: remainingInWords(remaining, language) })}
    </span>
  );
}
