import { type Install, openInstall } from '../../src/runtime/install.ts';
import { askRepeatedly, type Asking, type AskingParams } from './question-round.ts';
import { type Question, questionsOf } from './questions.ts';

/** The query language through the library. */
export function createCrmQuery() {
  let install: Install | undefined;
  let questions: readonly Question[] = [];
  return {
    async open({ folder, records }: { readonly folder: string; readonly records: number }): Promise<void> {
      questions = questionsOf(records);
      install = await openInstall({ folder, env: {} });
    },
    round(params: AskingParams): Promise<Asking> {
      const text = questions[params.question]?.text ?? '';
      return askRepeatedly(params, async () => {
        const answer = await install?.crm.query(text);
        if (answer?.select === 'count') return [String(answer.total)];
        return answer?.records.map(({ id }) => id) ?? [];
      });
    },
    close: async (): Promise<void> => install?.close(),
  };
}
