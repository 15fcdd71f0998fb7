// A form is shown in the order in which it was written; `jsonb` keeps none.

export const formOrder = {
  name: '0024-form-order',
  sql: 'alter table handoffs alter column form type json using form::json',
}
