-- write-backs that name a foreign row: of another organization, of an unknown agent, and with nothing but a foreign config
UPDATE public.agents SET langgraph_assistant_id = '1111111111111111111111111111111a' WHERE id = 'a0000000-0000-4000-a000-000000000001';
UPDATE public.agents SET langgraph_assistant_id = '2222222222222222222222222222222b' WHERE id = 'a0000000-0000-4000-a000-000000000002';
UPDATE public.agents SET langgraph_assistant_id = '3333333333333333333333333333333c' WHERE id = 'a0000000-0000-4000-a000-000000000005';
-- one row, named by an agent of its organization and by one of another: no contest
UPDATE public.agents SET langgraph_assistant_id = '4444444444444444444444444444444d' WHERE id IN ('a0000000-0000-4000-a000-000000000003', 'a0000000-0000-4000-a000-000000000004');
UPDATE public.agents SET organization_id = '11111111-1111-4111-8111-111111111111' WHERE id = 'a0000000-0000-4000-a000-000000000004';
