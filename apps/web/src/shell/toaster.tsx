import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide';
import { useEffect } from 'react';
import { useObservable } from '../api/observable.ts';
import { Icon } from '../components/icon.tsx';
import { notices } from './notify.ts';

function Toasts() {
  const { toasts, add, close } = Toast.useToastManager();
  const waiting = useObservable(notices);

  useEffect(() => {
    if (waiting.length === 0) return;
    for (const { action, id = crypto.randomUUID(), ...rest } of waiting) {
      add({
        ...rest,
        id,
        priority: rest.type === 'error' ? 'high' : 'low',
        actionProps: action && {
          children: action.label,
          onClick: () => {
            close(id);
            action.run();
          },
        },
      });
    }
    notices.update(() => []);
  }, [waiting, add, close]);

  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="absolute right-0 bottom-0 w-full translate-y-[calc(var(--toast-index)*-0.6rem)] scale-[calc(1-var(--toast-index)*0.04)] rounded-2xl bg-ink text-ground shadow-lift transition-all duration-300 ease-calm data-[expanded]:translate-y-[calc(var(--toast-offset-y)*-1-var(--toast-index)*0.6rem)] data-[expanded]:scale-100 data-[ending-style]:opacity-0 data-[limited]:opacity-0 data-[starting-style]:translate-y-full data-[starting-style]:opacity-0"
    >
      <Toast.Content className="flex items-center gap-3 py-3 pr-2 pl-5">
        <div className="min-w-0 flex-1">
          <Toast.Title className="font-sans font-semibold tracking-normal" render={<p />} />
          <Toast.Description className="text-sm opacity-80" />
        </div>
        <Toast.Action className="min-h-10 rounded-full px-3 font-semibold underline underline-offset-4" />
        <Toast.Close aria-label="Dismiss" className="grid size-10 place-items-center rounded-full">
          <Icon of={X} size={18} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Short notices in a corner, announced to screen readers, reachable with F6. */
export default function Toaster() {
  return (
    <Toast.Provider timeout={6_000} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 left-4 z-50 mx-auto max-w-md sm:right-6 sm:bottom-6 sm:left-auto sm:w-96">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
