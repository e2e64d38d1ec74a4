--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: auth; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA auth;


ALTER SCHEMA auth OWNER TO postgres;

--
-- Name: langgraph_server; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA langgraph_server;


ALTER SCHEMA langgraph_server OWNER TO postgres;

--
-- Name: pgcrypto; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;


--
-- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner: 
--

COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: users; Type: TABLE; Schema: auth; Owner: postgres
--

CREATE TABLE auth.users (
    id uuid NOT NULL,
    email text
);


ALTER TABLE auth.users OWNER TO postgres;

--
-- Name: assistants; Type: TABLE; Schema: langgraph_server; Owner: postgres
--

CREATE TABLE langgraph_server.assistants (
    id text NOT NULL,
    graph_id text NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    context jsonb DEFAULT '{}'::jsonb NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    name text,
    description text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE langgraph_server.assistants OWNER TO postgres;

--
-- Name: crons; Type: TABLE; Schema: langgraph_server; Owner: postgres
--

CREATE TABLE langgraph_server.crons (
    id text NOT NULL,
    assistant_id text,
    thread_id text,
    end_time timestamp with time zone,
    schedule text NOT NULL,
    user_id text,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    next_run_date timestamp with time zone,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE langgraph_server.crons OWNER TO postgres;

--
-- Name: runs; Type: TABLE; Schema: langgraph_server; Owner: postgres
--

CREATE TABLE langgraph_server.runs (
    id text NOT NULL,
    thread_id text NOT NULL,
    assistant_id text NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    kwargs jsonb DEFAULT '{}'::jsonb NOT NULL,
    multitask_strategy text DEFAULT 'reject'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE langgraph_server.runs OWNER TO postgres;

--
-- Name: store_items; Type: TABLE; Schema: langgraph_server; Owner: postgres
--

CREATE TABLE langgraph_server.store_items (
    namespace text NOT NULL,
    key text NOT NULL,
    value jsonb DEFAULT '{}'::jsonb NOT NULL,
    owner_id text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE langgraph_server.store_items OWNER TO postgres;

--
-- Name: thread_states; Type: TABLE; Schema: langgraph_server; Owner: postgres
--

CREATE TABLE langgraph_server.thread_states (
    id integer NOT NULL,
    thread_id text NOT NULL,
    "values" jsonb DEFAULT '{}'::jsonb NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    next text[] DEFAULT '{}'::text[] NOT NULL,
    tasks jsonb DEFAULT '[]'::jsonb NOT NULL,
    checkpoint_id text NOT NULL,
    parent_checkpoint jsonb,
    interrupts jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE langgraph_server.thread_states OWNER TO postgres;

--
-- Name: thread_states_id_seq; Type: SEQUENCE; Schema: langgraph_server; Owner: postgres
--

CREATE SEQUENCE langgraph_server.thread_states_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


ALTER TABLE langgraph_server.thread_states_id_seq OWNER TO postgres;

--
-- Name: thread_states_id_seq; Type: SEQUENCE OWNED BY; Schema: langgraph_server; Owner: postgres
--

ALTER SEQUENCE langgraph_server.thread_states_id_seq OWNED BY langgraph_server.thread_states.id;


--
-- Name: threads; Type: TABLE; Schema: langgraph_server; Owner: postgres
--

CREATE TABLE langgraph_server.threads (
    id text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text DEFAULT 'idle'::text NOT NULL,
    "values" jsonb DEFAULT '{}'::jsonb NOT NULL,
    interrupts jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE langgraph_server.threads OWNER TO postgres;

--
-- Name: agent_mcp_tools; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.agent_mcp_tools (
    agent_id uuid NOT NULL,
    mcp_tool_id uuid NOT NULL
);


ALTER TABLE public.agent_mcp_tools OWNER TO postgres;

--
-- Name: agents; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.agents (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    name text NOT NULL,
    description text,
    icon text DEFAULT '🤖'::text NOT NULL,
    avatar_url text,
    status text DEFAULT 'active'::text NOT NULL,
    langgraph_assistant_id text,
    graph_id text DEFAULT 'agent'::text NOT NULL,
    engine_type text DEFAULT 'global'::text NOT NULL,
    engine_id uuid,
    system_prompt text,
    temperature double precision,
    max_tokens integer,
    system_prompt_config jsonb,
    created_by_user_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT agents_status_check CHECK ((status = ANY (ARRAY['active'::text, 'draft'::text, 'disabled'::text])))
);


ALTER TABLE public.agents OWNER TO postgres;

--
-- Name: ai_models; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.ai_models (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    model_slug text,
    runtime_model_name text
);


ALTER TABLE public.ai_models OWNER TO postgres;

--
-- Name: chat_sessions; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.chat_sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    agent_id uuid,
    thread_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.chat_sessions OWNER TO postgres;

--
-- Name: checkpoint_blobs; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.checkpoint_blobs (
    thread_id text NOT NULL,
    checkpoint_ns text DEFAULT ''::text NOT NULL,
    channel text NOT NULL,
    version text NOT NULL,
    type text NOT NULL,
    blob bytea
);


ALTER TABLE public.checkpoint_blobs OWNER TO postgres;

--
-- Name: checkpoint_migrations; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.checkpoint_migrations (
    v integer NOT NULL
);


ALTER TABLE public.checkpoint_migrations OWNER TO postgres;

--
-- Name: checkpoint_writes; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.checkpoint_writes (
    thread_id text NOT NULL,
    checkpoint_ns text DEFAULT ''::text NOT NULL,
    checkpoint_id text NOT NULL,
    task_id text NOT NULL,
    idx integer NOT NULL,
    channel text NOT NULL,
    type text,
    blob bytea NOT NULL,
    task_path text DEFAULT ''::text NOT NULL
);


ALTER TABLE public.checkpoint_writes OWNER TO postgres;

--
-- Name: checkpoints; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.checkpoints (
    thread_id text NOT NULL,
    checkpoint_ns text DEFAULT ''::text NOT NULL,
    checkpoint_id text NOT NULL,
    parent_checkpoint_id text,
    type text,
    checkpoint jsonb NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL
);


ALTER TABLE public.checkpoints OWNER TO postgres;

--
-- Name: global_ai_engines; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.global_ai_engines (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text,
    language_model_id uuid
);


ALTER TABLE public.global_ai_engines OWNER TO postgres;

--
-- Name: mcp_tools; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.mcp_tools (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    tool_name text NOT NULL,
    display_name text,
    description text,
    endpoint_url text,
    is_builtin boolean DEFAULT false NOT NULL,
    auth_required boolean DEFAULT false NOT NULL,
    sort_order integer,
    tags text[] DEFAULT '{}'::text[],
    pricing_tier text
);


ALTER TABLE public.mcp_tools OWNER TO postgres;

--
-- Name: organization_members; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.organization_members (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text DEFAULT 'member'::text NOT NULL,
    CONSTRAINT organization_members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text])))
);


ALTER TABLE public.organization_members OWNER TO postgres;

--
-- Name: organizations; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.organizations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    slug text
);


ALTER TABLE public.organizations OWNER TO postgres;

--
-- Name: store; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.store (
    prefix text NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP,
    expires_at timestamp with time zone,
    ttl_minutes integer
);


ALTER TABLE public.store OWNER TO postgres;

--
-- Name: store_migrations; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.store_migrations (
    v integer NOT NULL
);


ALTER TABLE public.store_migrations OWNER TO postgres;

--
-- Name: thread_states id; Type: DEFAULT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.thread_states ALTER COLUMN id SET DEFAULT nextval('langgraph_server.thread_states_id_seq'::regclass);


--
-- Data for Name: users; Type: TABLE DATA; Schema: auth; Owner: postgres
--

INSERT INTO auth.users VALUES
	('a1b2c3d4-e5f6-7890-abcd-ef1234567890', 'user1@org-a.test'),
	('b1b2c3d4-e5f6-7890-abcd-ef1234567890', 'user2@org-a.test'),
	('c1b2c3d4-e5f6-7890-abcd-ef1234567890', 'user3@org-b.test'),
	('c0de0000-0000-0000-0000-000000000000', 'c0de0000-0000-0000-0000-000000000000@example.test'),
	('c0de0000-0000-0000-0000-000000000001', 'c0de0000-0000-0000-0000-000000000001@example.test'),
	('c0de0000-0000-0000-0000-000000000002', 'c0de0000-0000-0000-0000-000000000002@example.test'),
	('c0de0000-0000-0000-0000-000000000003', 'c0de0000-0000-0000-0000-000000000003@example.test'),
	('c0de0000-0000-0000-0000-000000000004', 'c0de0000-0000-0000-0000-000000000004@example.test'),
	('c0de0000-0000-0000-0000-000000000005', 'c0de0000-0000-0000-0000-000000000005@example.test'),
	('c0de0000-0000-0000-0000-000000000006', 'c0de0000-0000-0000-0000-000000000006@example.test'),
	('c0de0000-0000-0000-0000-000000000007', 'c0de0000-0000-0000-0000-000000000007@example.test'),
	('c0de0000-0000-0000-0000-000000000008', 'c0de0000-0000-0000-0000-000000000008@example.test'),
	('c0de0000-0000-0000-0000-000000000009', 'c0de0000-0000-0000-0000-000000000009@example.test'),
	('c0de0000-0000-0000-0000-00000000000a', 'c0de0000-0000-0000-0000-00000000000a@example.test'),
	('c0de0000-0000-0000-0000-00000000000b', 'c0de0000-0000-0000-0000-00000000000b@example.test'),
	('c0de0000-0000-0000-0000-00000000000c', 'c0de0000-0000-0000-0000-00000000000c@example.test'),
	('c0de0000-0000-0000-0000-00000000000d', 'c0de0000-0000-0000-0000-00000000000d@example.test'),
	('c0de0000-0000-0000-0000-00000000000e', 'c0de0000-0000-0000-0000-00000000000e@example.test'),
	('c0de0000-0000-0000-0000-00000000000f', 'c0de0000-0000-0000-0000-00000000000f@example.test'),
	('c0de0000-0000-0000-0000-000000000010', 'c0de0000-0000-0000-0000-000000000010@example.test'),
	('c0de0000-0000-0000-0000-000000000011', 'c0de0000-0000-0000-0000-000000000011@example.test'),
	('c0de0000-0000-0000-0000-000000000012', 'c0de0000-0000-0000-0000-000000000012@example.test'),
	('c0de0000-0000-0000-0000-000000000013', 'c0de0000-0000-0000-0000-000000000013@example.test');


--
-- Data for Name: assistants; Type: TABLE DATA; Schema: langgraph_server; Owner: postgres
--

INSERT INTO langgraph_server.assistants VALUES
	('8bcd4b1bf88b4b60ab8e6eb55983e83b', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000"}', NULL, NULL, 1, '2026-11-16 09:00:00+00', '2026-11-16 09:00:00+00'),
	('c0695b31c2ac491aabe411d69f03afe2', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001"}', NULL, NULL, 1, '2026-11-16 09:01:00+00', '2026-11-16 09:01:00+00'),
	('1e109e1116254a2090247690976e6865', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002"}', NULL, NULL, 1, '2026-11-16 09:02:00+00', '2026-11-16 09:02:00+00'),
	('2e874a0fc21e4e45b1ea4fb18e60b832', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003"}', NULL, NULL, 1, '2026-11-16 09:03:00+00', '2026-11-16 09:03:00+00'),
	('6255a44d61e84a4bbe66aa9c8a99e714', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004"}', NULL, NULL, 1, '2026-11-16 09:04:00+00', '2026-11-16 09:04:00+00'),
	('f6bc8232f88c45c392299c32571d1ec6', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005"}', NULL, NULL, 1, '2026-11-16 09:05:00+00', '2026-11-16 09:05:00+00'),
	('5f2f99db7f804e8b9a519007fa83568e', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006"}', NULL, NULL, 1, '2026-11-16 09:06:00+00', '2026-11-16 09:06:00+00'),
	('6191936573fa4925a83511894ae950fb', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007"}', NULL, NULL, 1, '2026-11-16 09:07:00+00', '2026-11-16 09:07:00+00'),
	('517e984cec164f08815c7ceab18fb7b6', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008"}', NULL, NULL, 1, '2026-11-16 09:08:00+00', '2026-11-16 09:08:00+00'),
	('99f289221d2f4d0e8e1d5471969c2e2e', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009"}', NULL, NULL, 1, '2026-11-16 09:09:00+00', '2026-11-16 09:09:00+00'),
	('595be84e652548ef9fd268aea30556e5', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a"}', NULL, NULL, 1, '2026-11-16 09:10:00+00', '2026-11-16 09:10:00+00'),
	('c92ad6566adc4aa4bb2173de1df70252', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b"}', NULL, NULL, 1, '2026-11-16 09:11:00+00', '2026-11-16 09:11:00+00'),
	('479fbdf2a98042bd84a2ea97feb0405f', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c"}', NULL, NULL, 1, '2026-11-16 09:12:00+00', '2026-11-16 09:12:00+00'),
	('21a74143bb6744079c3c7d313baa547d', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d"}', NULL, NULL, 1, '2026-11-16 09:13:00+00', '2026-11-16 09:13:00+00'),
	('eb678d3b7e194f39b2cdaef4e6e6f5f7', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e"}', NULL, NULL, 1, '2026-11-16 09:14:00+00', '2026-11-16 09:14:00+00'),
	('c81e49c6a1ab419cb1bec94384cfaacd', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f"}', NULL, NULL, 1, '2026-11-16 09:15:00+00', '2026-11-16 09:15:00+00'),
	('cc28ceb94b0742baac960878337e5234', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010"}', NULL, NULL, 1, '2026-11-16 09:16:00+00', '2026-11-16 09:16:00+00'),
	('50e6cc42ffd54b059a5bfd5866892743', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011"}', NULL, NULL, 1, '2026-11-16 09:17:00+00', '2026-11-16 09:17:00+00'),
	('01012b4cfc434ad5b33a6083849d8a7c', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012"}', NULL, NULL, 1, '2026-11-16 09:18:00+00', '2026-11-16 09:18:00+00'),
	('d9792da69f0541b9ae1093f0ae62f494', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013"}', NULL, NULL, 1, '2026-11-16 09:19:00+00', '2026-11-16 09:19:00+00'),
	('6acbae4c68db49309eb1400bf6073bc2', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001"}', NULL, NULL, 1, '2026-11-17 09:01:00+00', '2026-11-17 09:01:00+00'),
	('11d51feb3c0843448dda63a60259bc39', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009"}', NULL, NULL, 1, '2026-11-17 09:09:00+00', '2026-11-17 09:09:00+00'),
	('d130d004fcce4d0a8afcf3ab74ce6f23', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b"}', NULL, NULL, 1, '2026-11-17 09:11:00+00', '2026-11-17 09:11:00+00'),
	('d1819ff82e1c4815a34c0c6757b1aa85', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f"}', NULL, NULL, 1, '2026-11-17 09:15:00+00', '2026-11-17 09:15:00+00'),
	('87b92559054b4f76bcaf02e62f69d9d8', 'agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011"}', NULL, NULL, 1, '2026-11-17 09:17:00+00', '2026-11-17 09:17:00+00'),
	('f3c7ce0be0524b5a92adfe56c0ae86fd', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013"}', NULL, NULL, 1, '2026-11-17 09:19:00+00', '2026-11-17 09:19:00+00'),
	('14f0fa7c3ecc44c8a42f96901ed211a9', 'agent', '{"configurable": {"model_name": "openai:gpt-4o-mini", "system_prompt": "", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-16T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000005", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-16 08:00:00+00', '2026-11-16 08:00:00+00'),
	('f13fa623f36f4b39bdbea96c8e75cfa7', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003"}', NULL, NULL, 1, '2026-11-19 09:03:00+00', '2026-11-19 09:03:00+00'),
	('821dcf17e31144b2a603a82beaf84fbd', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005"}', NULL, NULL, 1, '2026-11-19 09:05:00+00', '2026-11-19 09:05:00+00'),
	('c6b525bf49de4229be136eaa76cda534', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d"}', NULL, NULL, 1, '2026-11-19 09:13:00+00', '2026-11-19 09:13:00+00'),
	('a767ea5b1c00408d8bf8e7f35fd605f9', 'research_agent', '{}', '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007"}', NULL, NULL, 1, '2026-11-20 09:07:00+00', '2026-11-20 09:07:00+00'),
	('f152b4fc0d8f499f86a54c47710caae7', 'agent', '{"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "system_prompt": "Du bist ein Dokumenten-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-16T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-16 08:00:00+00', '2026-11-16 08:00:00+00'),
	('98de8a2419f440aba831a9fff3d66cdf', 'agent', '{"configurable": {"max_tokens": 2000, "mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/legal", "name": "server-1", "tools": ["legal-mcp"], "auth_required": false}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "temperature": 0.3, "system_prompt": "Du bist ein Rechts-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-16T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000002", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-16 08:00:00+00', '2026-11-16 08:00:00+00'),
	('c7cbdf9abbc14a0095d50c27af7aac40', 'research_agent', '{"configurable": {"model_name": "openai:gpt-4o", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}}', '{}', '{"owner": "system", "synced_at": "2026-11-16T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000004", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}', NULL, NULL, 1, '2026-11-16 08:00:00+00', '2026-11-16 08:00:00+00'),
	('cfc67cd0dc814440a361d12dc92e012e', 'agent', '{"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o", "temperature": 0.3, "system_prompt": "Du analysierst Wartungsberichte.", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}}', '{}', '{"owner": "system", "synced_at": "2026-11-16T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000003", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}', NULL, NULL, 1, '2026-11-16 08:00:00+00', '2026-11-16 08:00:00+00'),
	('a852783def00470e90f4808a56e2a332', 'agent', '{"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "system_prompt": "Du bist ein Dokumenten-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-18T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-18 08:00:00+00', '2026-11-18 08:00:00+00'),
	('d4aa020ff4f04d958e108042c5380556', 'agent', '{"configurable": {"model_name": "openai:gpt-4o-mini", "system_prompt": "", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-18T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000005", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-18 08:00:00+00', '2026-11-18 08:00:00+00'),
	('a6a3b8899e6840d382d78d633578842b', 'agent', '{"configurable": {"max_tokens": 2000, "mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/legal", "name": "server-1", "tools": ["legal-mcp"], "auth_required": false}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "temperature": 0.3, "system_prompt": "Du bist ein Rechts-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-18T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000002", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-18 08:00:00+00', '2026-11-18 08:00:00+00'),
	('79494ae34d7e4db8a924a8d81c16407d', 'research_agent', '{"configurable": {"model_name": "openai:gpt-4o", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}}', '{}', '{"owner": "system", "synced_at": "2026-11-18T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000004", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}', NULL, NULL, 1, '2026-11-18 08:00:00+00', '2026-11-18 08:00:00+00'),
	('62332ac6fb4648eebba29483c57d2759', 'agent', '{"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o", "temperature": 0.3, "system_prompt": "Du analysierst Wartungsberichte.", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}}', '{}', '{"owner": "system", "synced_at": "2026-11-18T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000003", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}', NULL, NULL, 1, '2026-11-18 08:00:00+00', '2026-11-18 08:00:00+00'),
	('2113c405a8ad4d51955147559e362992', 'agent', '{"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "system_prompt": "Du bist ein Dokumenten-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-20T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000001", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'),
	('8e1b59e7899d4553bb90c93bd1542598', 'agent', '{"configurable": {"model_name": "openai:gpt-4o-mini", "system_prompt": "", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-20T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000005", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'),
	('1abc121d7df8427a87ef83f0c1aeada3', 'agent', '{"configurable": {"max_tokens": 2000, "mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/legal", "name": "server-1", "tools": ["legal-mcp"], "auth_required": false}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o-mini", "temperature": 0.3, "system_prompt": "Du bist ein Rechts-Assistent.", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}}', '{}', '{"owner": "system", "synced_at": "2026-11-20T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000002", "supabase_organization_id": "11111111-1111-4111-8111-111111111111"}', NULL, NULL, 1, '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'),
	('f56ed44cd37241e6a5345664e29aa67d', 'research_agent', '{"configurable": {"model_name": "openai:gpt-4o", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}}', '{}', '{"owner": "system", "synced_at": "2026-11-20T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000004", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}', NULL, NULL, 1, '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00'),
	('44807ba5bca142b590dd70658d96903e', 'agent', '{"configurable": {"mcp_config": {"servers": [{"url": "http://127.0.0.1:55480/document", "name": "server-1", "tools": ["document-mcp"], "auth_required": true}, {"url": "http://127.0.0.1:55480/supabase/mcp", "name": "server-2", "tools": ["supabase-mcp"], "auth_required": true}]}, "model_name": "openai:gpt-4o", "temperature": 0.3, "system_prompt": "Du analysierst Wartungsberichte.", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}}', '{}', '{"owner": "system", "synced_at": "2026-11-20T08:00:00+00:00", "supabase_agent_id": "a0000000-0000-4000-a000-000000000003", "supabase_organization_id": "22222222-2222-4222-8222-222222222222"}', NULL, NULL, 1, '2026-11-20 08:00:00+00', '2026-11-20 08:00:00+00');


--
-- Data for Name: crons; Type: TABLE DATA; Schema: langgraph_server; Owner: postgres
--

INSERT INTO langgraph_server.crons VALUES
	('cron-0-4', '6255a44d61e84a4bbe66aa9c8a99e714', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000004', '{"config": {"configurable": {"assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}}, "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', NULL, '{}', '2026-11-16 09:04:00+00', '2026-11-23 02:50:30.594536+00'),
	('cron-0-9', '99f289221d2f4d0e8e1d5471969c2e2e', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000009', '{"config": {"configurable": {"assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}}, "assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}', NULL, '{}', '2026-11-16 09:09:00+00', '2026-11-23 02:50:30.600095+00'),
	('cron-0-12', '479fbdf2a98042bd84a2ea97feb0405f', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-00000000000c', '{"config": {"configurable": {"assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}}, "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', NULL, '{}', '2026-11-16 09:12:00+00', '2026-11-23 02:50:30.604112+00'),
	('cron-2-17', '50e6cc42ffd54b059a5bfd5866892743', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000011', '{"config": {"configurable": {"assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}}, "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}', NULL, '{}', '2026-11-18 09:17:00+00', '2026-11-23 02:50:30.675918+00'),
	('cron-3-10', '595be84e652548ef9fd268aea30556e5', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-00000000000a', '{"config": {"configurable": {"assistant_id": "595be84e652548ef9fd268aea30556e5"}}, "assistant_id": "595be84e652548ef9fd268aea30556e5"}', NULL, '{}', '2026-11-19 09:10:00+00', '2026-11-23 02:50:30.699685+00'),
	('cron-3-12', '479fbdf2a98042bd84a2ea97feb0405f', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-00000000000c', '{"config": {"configurable": {"assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}}, "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', NULL, '{}', '2026-11-19 09:12:00+00', '2026-11-23 02:50:30.706752+00'),
	('cron-4-2', '1e109e1116254a2090247690976e6865', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000002', '{"config": {"configurable": {"assistant_id": "1e109e1116254a2090247690976e6865"}}, "assistant_id": "1e109e1116254a2090247690976e6865"}', NULL, '{}', '2026-11-20 09:02:00+00', '2026-11-23 02:50:30.725844+00'),
	('cron-4-3', '2e874a0fc21e4e45b1ea4fb18e60b832', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000003', '{"config": {"configurable": {"assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}}, "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}', NULL, '{}', '2026-11-20 09:03:00+00', '2026-11-23 02:50:30.726666+00'),
	('cron-5-18', '01012b4cfc434ad5b33a6083849d8a7c', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000012', '{"config": {"configurable": {"assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}}, "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', NULL, '{}', '2026-11-21 09:18:00+00', '2026-11-23 02:50:30.774792+00'),
	('cron-6-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000000', '{"config": {"configurable": {"assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}}, "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', NULL, '{}', '2026-11-22 09:00:00+00', '2026-11-23 02:50:30.777975+00'),
	('cron-6-3', 'f13fa623f36f4b39bdbea96c8e75cfa7', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-000000000003', '{"config": {"configurable": {"assistant_id": "f13fa623f36f4b39bdbea96c8e75cfa7"}}, "assistant_id": "f13fa623f36f4b39bdbea96c8e75cfa7"}', NULL, '{}', '2026-11-22 09:03:00+00', '2026-11-23 02:50:30.782544+00'),
	('cron-6-15', 'd1819ff82e1c4815a34c0c6757b1aa85', NULL, NULL, '0 7 * * *', 'c0de0000-0000-0000-0000-00000000000f', '{"config": {"configurable": {"assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}}, "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}', NULL, '{}', '2026-11-22 09:15:00+00', '2026-11-23 02:50:30.796645+00');


--
-- Data for Name: runs; Type: TABLE DATA; Schema: langgraph_server; Owner: postgres
--

INSERT INTO langgraph_server.runs VALUES
	('run-thread-0-0', 'thread-0-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-16 09:00:00+00', '2026-11-16 09:00:00+00'),
	('run-thread-0-1', 'thread-0-1', 'c0695b31c2ac491aabe411d69f03afe2', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-16 09:01:00+00', '2026-11-16 09:01:00+00'),
	('run-thread-0-2', 'thread-0-2', '1e109e1116254a2090247690976e6865', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-16 09:02:00+00', '2026-11-16 09:02:00+00'),
	('run-thread-0-3', 'thread-0-3', '2e874a0fc21e4e45b1ea4fb18e60b832', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-16 09:03:00+00', '2026-11-16 09:03:00+00'),
	('run-thread-0-4', 'thread-0-4', '6255a44d61e84a4bbe66aa9c8a99e714', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-16 09:04:00+00', '2026-11-16 09:04:00+00'),
	('run-thread-0-5', 'thread-0-5', 'f6bc8232f88c45c392299c32571d1ec6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-16 09:05:00+00', '2026-11-16 09:05:00+00'),
	('run-thread-0-6', 'thread-0-6', '5f2f99db7f804e8b9a519007fa83568e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-16 09:06:00+00', '2026-11-16 09:06:00+00'),
	('run-thread-0-7', 'thread-0-7', '6191936573fa4925a83511894ae950fb', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-16 09:07:00+00', '2026-11-16 09:07:00+00'),
	('run-thread-0-8', 'thread-0-8', '517e984cec164f08815c7ceab18fb7b6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-16 09:08:00+00', '2026-11-16 09:08:00+00'),
	('run-thread-0-9', 'thread-0-9', '99f289221d2f4d0e8e1d5471969c2e2e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-16 09:09:00+00', '2026-11-16 09:09:00+00'),
	('run-thread-0-10', 'thread-0-10', '595be84e652548ef9fd268aea30556e5', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-16 09:10:00+00', '2026-11-16 09:10:00+00'),
	('run-thread-0-11', 'thread-0-11', 'c92ad6566adc4aa4bb2173de1df70252', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-16 09:11:00+00', '2026-11-16 09:11:00+00'),
	('run-thread-0-12', 'thread-0-12', '479fbdf2a98042bd84a2ea97feb0405f', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-16 09:12:00+00', '2026-11-16 09:12:00+00'),
	('run-thread-0-13', 'thread-0-13', '21a74143bb6744079c3c7d313baa547d', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-16 09:13:00+00', '2026-11-16 09:13:00+00'),
	('run-thread-0-14', 'thread-0-14', 'eb678d3b7e194f39b2cdaef4e6e6f5f7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-16 09:14:00+00', '2026-11-16 09:14:00+00'),
	('run-thread-0-15', 'thread-0-15', 'c81e49c6a1ab419cb1bec94384cfaacd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-16 09:15:00+00', '2026-11-16 09:15:00+00'),
	('run-thread-0-16', 'thread-0-16', 'cc28ceb94b0742baac960878337e5234', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-16 09:16:00+00', '2026-11-16 09:16:00+00'),
	('run-thread-0-17', 'thread-0-17', '50e6cc42ffd54b059a5bfd5866892743', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-16 09:17:00+00', '2026-11-16 09:17:00+00'),
	('run-thread-0-18', 'thread-0-18', '01012b4cfc434ad5b33a6083849d8a7c', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-16 09:18:00+00', '2026-11-16 09:18:00+00'),
	('run-thread-0-19', 'thread-0-19', 'd9792da69f0541b9ae1093f0ae62f494', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-16 09:19:00+00', '2026-11-16 09:19:00+00'),
	('run-thread-1-0', 'thread-1-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-17 09:00:00+00', '2026-11-17 09:00:00+00'),
	('run-thread-1-1', 'thread-1-1', '6acbae4c68db49309eb1400bf6073bc2', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-17 09:01:00+00', '2026-11-17 09:01:00+00'),
	('run-thread-1-2', 'thread-1-2', '1e109e1116254a2090247690976e6865', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-17 09:02:00+00', '2026-11-17 09:02:00+00'),
	('run-thread-1-3', 'thread-1-3', '2e874a0fc21e4e45b1ea4fb18e60b832', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-17 09:03:00+00', '2026-11-17 09:03:00+00'),
	('run-thread-1-4', 'thread-1-4', '6255a44d61e84a4bbe66aa9c8a99e714', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-17 09:04:00+00', '2026-11-17 09:04:00+00'),
	('run-thread-1-5', 'thread-1-5', 'f6bc8232f88c45c392299c32571d1ec6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-17 09:05:00+00', '2026-11-17 09:05:00+00'),
	('run-thread-1-6', 'thread-1-6', '5f2f99db7f804e8b9a519007fa83568e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-17 09:06:00+00', '2026-11-17 09:06:00+00'),
	('run-thread-1-7', 'thread-1-7', '6191936573fa4925a83511894ae950fb', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-17 09:07:00+00', '2026-11-17 09:07:00+00'),
	('run-thread-1-8', 'thread-1-8', '517e984cec164f08815c7ceab18fb7b6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-17 09:08:00+00', '2026-11-17 09:08:00+00'),
	('run-thread-1-9', 'thread-1-9', '11d51feb3c0843448dda63a60259bc39', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-17 09:09:00+00', '2026-11-17 09:09:00+00'),
	('run-thread-1-10', 'thread-1-10', '595be84e652548ef9fd268aea30556e5', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-17 09:10:00+00', '2026-11-17 09:10:00+00'),
	('run-thread-1-11', 'thread-1-11', 'd130d004fcce4d0a8afcf3ab74ce6f23', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-17 09:11:00+00', '2026-11-17 09:11:00+00'),
	('run-thread-1-12', 'thread-1-12', '479fbdf2a98042bd84a2ea97feb0405f', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-17 09:12:00+00', '2026-11-17 09:12:00+00'),
	('run-thread-1-13', 'thread-1-13', '21a74143bb6744079c3c7d313baa547d', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-17 09:13:00+00', '2026-11-17 09:13:00+00'),
	('run-thread-1-14', 'thread-1-14', 'eb678d3b7e194f39b2cdaef4e6e6f5f7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-17 09:14:00+00', '2026-11-17 09:14:00+00'),
	('run-thread-1-15', 'thread-1-15', 'd1819ff82e1c4815a34c0c6757b1aa85', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-17 09:15:00+00', '2026-11-17 09:15:00+00'),
	('run-thread-1-16', 'thread-1-16', 'cc28ceb94b0742baac960878337e5234', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-17 09:16:00+00', '2026-11-17 09:16:00+00'),
	('run-thread-1-17', 'thread-1-17', '87b92559054b4f76bcaf02e62f69d9d8', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-17 09:17:00+00', '2026-11-17 09:17:00+00'),
	('run-thread-1-18', 'thread-1-18', '01012b4cfc434ad5b33a6083849d8a7c', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-17 09:18:00+00', '2026-11-17 09:18:00+00'),
	('run-thread-1-19', 'thread-1-19', 'f3c7ce0be0524b5a92adfe56c0ae86fd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-17 09:19:00+00', '2026-11-17 09:19:00+00'),
	('run-thread-2-0', 'thread-2-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-18 09:00:00+00', '2026-11-18 09:00:00+00'),
	('run-thread-2-1', 'thread-2-1', '6acbae4c68db49309eb1400bf6073bc2', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-18 09:01:00+00', '2026-11-18 09:01:00+00'),
	('run-thread-2-2', 'thread-2-2', '1e109e1116254a2090247690976e6865', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-18 09:02:00+00', '2026-11-18 09:02:00+00'),
	('run-thread-2-3', 'thread-2-3', '2e874a0fc21e4e45b1ea4fb18e60b832', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-18 09:03:00+00', '2026-11-18 09:03:00+00'),
	('run-thread-2-4', 'thread-2-4', '6255a44d61e84a4bbe66aa9c8a99e714', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-18 09:04:00+00', '2026-11-18 09:04:00+00'),
	('run-thread-2-5', 'thread-2-5', 'f6bc8232f88c45c392299c32571d1ec6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-18 09:05:00+00', '2026-11-18 09:05:00+00'),
	('run-thread-2-6', 'thread-2-6', '5f2f99db7f804e8b9a519007fa83568e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-18 09:06:00+00', '2026-11-18 09:06:00+00'),
	('run-thread-2-7', 'thread-2-7', '6191936573fa4925a83511894ae950fb', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-18 09:07:00+00', '2026-11-18 09:07:00+00'),
	('run-thread-2-8', 'thread-2-8', '517e984cec164f08815c7ceab18fb7b6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-18 09:08:00+00', '2026-11-18 09:08:00+00'),
	('run-thread-2-9', 'thread-2-9', '99f289221d2f4d0e8e1d5471969c2e2e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-18 09:09:00+00', '2026-11-18 09:09:00+00'),
	('run-thread-2-10', 'thread-2-10', '595be84e652548ef9fd268aea30556e5', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-18 09:10:00+00', '2026-11-18 09:10:00+00'),
	('run-thread-2-11', 'thread-2-11', 'c92ad6566adc4aa4bb2173de1df70252', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-18 09:11:00+00', '2026-11-18 09:11:00+00'),
	('run-thread-2-12', 'thread-2-12', '479fbdf2a98042bd84a2ea97feb0405f', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-18 09:12:00+00', '2026-11-18 09:12:00+00'),
	('run-thread-2-13', 'thread-2-13', '21a74143bb6744079c3c7d313baa547d', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-18 09:13:00+00', '2026-11-18 09:13:00+00'),
	('run-thread-2-14', 'thread-2-14', 'eb678d3b7e194f39b2cdaef4e6e6f5f7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-18 09:14:00+00', '2026-11-18 09:14:00+00'),
	('run-thread-2-15', 'thread-2-15', 'd1819ff82e1c4815a34c0c6757b1aa85', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-18 09:15:00+00', '2026-11-18 09:15:00+00'),
	('run-thread-2-16', 'thread-2-16', 'cc28ceb94b0742baac960878337e5234', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-18 09:16:00+00', '2026-11-18 09:16:00+00'),
	('run-thread-2-17', 'thread-2-17', '50e6cc42ffd54b059a5bfd5866892743', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-18 09:17:00+00', '2026-11-18 09:17:00+00'),
	('run-thread-2-18', 'thread-2-18', '01012b4cfc434ad5b33a6083849d8a7c', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-18 09:18:00+00', '2026-11-18 09:18:00+00'),
	('run-thread-2-19', 'thread-2-19', 'f3c7ce0be0524b5a92adfe56c0ae86fd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-18 09:19:00+00', '2026-11-18 09:19:00+00'),
	('run-thread-3-0', 'thread-3-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-19 09:00:00+00', '2026-11-19 09:00:00+00'),
	('run-thread-3-1', 'thread-3-1', 'c0695b31c2ac491aabe411d69f03afe2', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-19 09:01:00+00', '2026-11-19 09:01:00+00'),
	('run-thread-3-2', 'thread-3-2', '1e109e1116254a2090247690976e6865', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-19 09:02:00+00', '2026-11-19 09:02:00+00'),
	('run-thread-3-3', 'thread-3-3', 'f13fa623f36f4b39bdbea96c8e75cfa7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-19 09:03:00+00', '2026-11-19 09:03:00+00'),
	('run-thread-3-4', 'thread-3-4', '6255a44d61e84a4bbe66aa9c8a99e714', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-19 09:04:00+00', '2026-11-19 09:04:00+00'),
	('run-thread-3-5', 'thread-3-5', '821dcf17e31144b2a603a82beaf84fbd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-19 09:05:00+00', '2026-11-19 09:05:00+00'),
	('run-thread-3-6', 'thread-3-6', '5f2f99db7f804e8b9a519007fa83568e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-19 09:06:00+00', '2026-11-19 09:06:00+00'),
	('run-thread-3-7', 'thread-3-7', '6191936573fa4925a83511894ae950fb', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-19 09:07:00+00', '2026-11-19 09:07:00+00'),
	('run-thread-3-8', 'thread-3-8', '517e984cec164f08815c7ceab18fb7b6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-19 09:08:00+00', '2026-11-19 09:08:00+00'),
	('run-thread-3-9', 'thread-3-9', '11d51feb3c0843448dda63a60259bc39', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-19 09:09:00+00', '2026-11-19 09:09:00+00'),
	('run-thread-3-10', 'thread-3-10', '595be84e652548ef9fd268aea30556e5', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-19 09:10:00+00', '2026-11-19 09:10:00+00'),
	('run-thread-3-11', 'thread-3-11', 'c92ad6566adc4aa4bb2173de1df70252', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-19 09:11:00+00', '2026-11-19 09:11:00+00'),
	('run-thread-3-12', 'thread-3-12', '479fbdf2a98042bd84a2ea97feb0405f', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-19 09:12:00+00', '2026-11-19 09:12:00+00'),
	('run-thread-3-13', 'thread-3-13', 'c6b525bf49de4229be136eaa76cda534', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-19 09:13:00+00', '2026-11-19 09:13:00+00'),
	('run-thread-3-14', 'thread-3-14', 'eb678d3b7e194f39b2cdaef4e6e6f5f7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-19 09:14:00+00', '2026-11-19 09:14:00+00'),
	('run-thread-3-15', 'thread-3-15', 'c81e49c6a1ab419cb1bec94384cfaacd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-19 09:15:00+00', '2026-11-19 09:15:00+00'),
	('run-thread-3-16', 'thread-3-16', 'cc28ceb94b0742baac960878337e5234', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-19 09:16:00+00', '2026-11-19 09:16:00+00'),
	('run-thread-3-17', 'thread-3-17', '50e6cc42ffd54b059a5bfd5866892743', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-19 09:17:00+00', '2026-11-19 09:17:00+00'),
	('run-thread-3-18', 'thread-3-18', '01012b4cfc434ad5b33a6083849d8a7c', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-19 09:18:00+00', '2026-11-19 09:18:00+00'),
	('run-thread-3-19', 'thread-3-19', 'd9792da69f0541b9ae1093f0ae62f494', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-19 09:19:00+00', '2026-11-19 09:19:00+00'),
	('run-thread-4-0', 'thread-4-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-20 09:00:00+00', '2026-11-20 09:00:00+00'),
	('run-thread-4-1', 'thread-4-1', 'c0695b31c2ac491aabe411d69f03afe2', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-20 09:01:00+00', '2026-11-20 09:01:00+00'),
	('run-thread-4-2', 'thread-4-2', '1e109e1116254a2090247690976e6865', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-20 09:02:00+00', '2026-11-20 09:02:00+00'),
	('run-thread-4-3', 'thread-4-3', '2e874a0fc21e4e45b1ea4fb18e60b832', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-20 09:03:00+00', '2026-11-20 09:03:00+00'),
	('run-thread-4-4', 'thread-4-4', '6255a44d61e84a4bbe66aa9c8a99e714', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-20 09:04:00+00', '2026-11-20 09:04:00+00'),
	('run-thread-4-5', 'thread-4-5', '821dcf17e31144b2a603a82beaf84fbd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-20 09:05:00+00', '2026-11-20 09:05:00+00'),
	('run-thread-4-6', 'thread-4-6', '5f2f99db7f804e8b9a519007fa83568e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-20 09:06:00+00', '2026-11-20 09:06:00+00'),
	('run-thread-4-7', 'thread-4-7', 'a767ea5b1c00408d8bf8e7f35fd605f9', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-20 09:07:00+00', '2026-11-20 09:07:00+00'),
	('run-thread-4-8', 'thread-4-8', '517e984cec164f08815c7ceab18fb7b6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-20 09:08:00+00', '2026-11-20 09:08:00+00'),
	('run-thread-4-9', 'thread-4-9', '99f289221d2f4d0e8e1d5471969c2e2e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-20 09:09:00+00', '2026-11-20 09:09:00+00'),
	('run-thread-4-10', 'thread-4-10', '595be84e652548ef9fd268aea30556e5', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-20 09:10:00+00', '2026-11-20 09:10:00+00'),
	('run-thread-4-11', 'thread-4-11', 'c92ad6566adc4aa4bb2173de1df70252', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-20 09:11:00+00', '2026-11-20 09:11:00+00'),
	('run-thread-4-12', 'thread-4-12', '479fbdf2a98042bd84a2ea97feb0405f', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-20 09:12:00+00', '2026-11-20 09:12:00+00'),
	('run-thread-4-13', 'thread-4-13', '21a74143bb6744079c3c7d313baa547d', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-20 09:13:00+00', '2026-11-20 09:13:00+00'),
	('run-thread-4-14', 'thread-4-14', 'eb678d3b7e194f39b2cdaef4e6e6f5f7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-20 09:14:00+00', '2026-11-20 09:14:00+00'),
	('run-thread-4-15', 'thread-4-15', 'd1819ff82e1c4815a34c0c6757b1aa85', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-20 09:15:00+00', '2026-11-20 09:15:00+00'),
	('run-thread-4-16', 'thread-4-16', 'cc28ceb94b0742baac960878337e5234', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-20 09:16:00+00', '2026-11-20 09:16:00+00'),
	('run-thread-4-17', 'thread-4-17', '50e6cc42ffd54b059a5bfd5866892743', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-20 09:17:00+00', '2026-11-20 09:17:00+00'),
	('run-thread-4-18', 'thread-4-18', '01012b4cfc434ad5b33a6083849d8a7c', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-20 09:18:00+00', '2026-11-20 09:18:00+00'),
	('run-thread-4-19', 'thread-4-19', 'd9792da69f0541b9ae1093f0ae62f494', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-20 09:19:00+00', '2026-11-20 09:19:00+00');
INSERT INTO langgraph_server.runs VALUES
	('run-thread-5-0', 'thread-5-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-21 09:00:00+00', '2026-11-21 09:00:00+00'),
	('run-thread-5-1', 'thread-5-1', '6acbae4c68db49309eb1400bf6073bc2', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:01:00+00', '2026-11-21 09:01:00+00'),
	('run-thread-5-2', 'thread-5-2', '1e109e1116254a2090247690976e6865', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-21 09:02:00+00', '2026-11-21 09:02:00+00'),
	('run-thread-5-3', 'thread-5-3', '2e874a0fc21e4e45b1ea4fb18e60b832', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:03:00+00', '2026-11-21 09:03:00+00'),
	('run-thread-5-4', 'thread-5-4', '6255a44d61e84a4bbe66aa9c8a99e714', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-21 09:04:00+00', '2026-11-21 09:04:00+00'),
	('run-thread-5-5', 'thread-5-5', 'f6bc8232f88c45c392299c32571d1ec6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:05:00+00', '2026-11-21 09:05:00+00'),
	('run-thread-5-6', 'thread-5-6', '5f2f99db7f804e8b9a519007fa83568e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-21 09:06:00+00', '2026-11-21 09:06:00+00'),
	('run-thread-5-7', 'thread-5-7', 'a767ea5b1c00408d8bf8e7f35fd605f9', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-21 09:07:00+00', '2026-11-21 09:07:00+00'),
	('run-thread-5-8', 'thread-5-8', '517e984cec164f08815c7ceab18fb7b6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-21 09:08:00+00', '2026-11-21 09:08:00+00'),
	('run-thread-5-9', 'thread-5-9', '11d51feb3c0843448dda63a60259bc39', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:09:00+00', '2026-11-21 09:09:00+00'),
	('run-thread-5-10', 'thread-5-10', '595be84e652548ef9fd268aea30556e5', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-21 09:10:00+00', '2026-11-21 09:10:00+00'),
	('run-thread-5-11', 'thread-5-11', 'd130d004fcce4d0a8afcf3ab74ce6f23', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-21 09:11:00+00', '2026-11-21 09:11:00+00'),
	('run-thread-5-12', 'thread-5-12', '479fbdf2a98042bd84a2ea97feb0405f', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-21 09:12:00+00', '2026-11-21 09:12:00+00'),
	('run-thread-5-13', 'thread-5-13', '21a74143bb6744079c3c7d313baa547d', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:13:00+00', '2026-11-21 09:13:00+00'),
	('run-thread-5-14', 'thread-5-14', 'eb678d3b7e194f39b2cdaef4e6e6f5f7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-21 09:14:00+00', '2026-11-21 09:14:00+00'),
	('run-thread-5-15', 'thread-5-15', 'c81e49c6a1ab419cb1bec94384cfaacd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:15:00+00', '2026-11-21 09:15:00+00'),
	('run-thread-5-16', 'thread-5-16', 'cc28ceb94b0742baac960878337e5234', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-21 09:16:00+00', '2026-11-21 09:16:00+00'),
	('run-thread-5-17', 'thread-5-17', '87b92559054b4f76bcaf02e62f69d9d8', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:17:00+00', '2026-11-21 09:17:00+00'),
	('run-thread-5-18', 'thread-5-18', '01012b4cfc434ad5b33a6083849d8a7c', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-21 09:18:00+00', '2026-11-21 09:18:00+00'),
	('run-thread-5-19', 'thread-5-19', 'd9792da69f0541b9ae1093f0ae62f494', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-21 09:19:00+00', '2026-11-21 09:19:00+00'),
	('run-thread-6-0', 'thread-6-0', '8bcd4b1bf88b4b60ab8e6eb55983e83b', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00'),
	('run-thread-6-1', 'thread-6-1', 'c0695b31c2ac491aabe411d69f03afe2', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-22 09:01:00+00', '2026-11-22 09:01:00+00'),
	('run-thread-6-2', 'thread-6-2', '1e109e1116254a2090247690976e6865', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-22 09:02:00+00', '2026-11-22 09:02:00+00'),
	('run-thread-6-3', 'thread-6-3', 'f13fa623f36f4b39bdbea96c8e75cfa7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-22 09:03:00+00', '2026-11-22 09:03:00+00'),
	('run-thread-6-4', 'thread-6-4', '6255a44d61e84a4bbe66aa9c8a99e714', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-22 09:04:00+00', '2026-11-22 09:04:00+00'),
	('run-thread-6-5', 'thread-6-5', 'f6bc8232f88c45c392299c32571d1ec6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-22 09:05:00+00', '2026-11-22 09:05:00+00'),
	('run-thread-6-6', 'thread-6-6', '5f2f99db7f804e8b9a519007fa83568e', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-22 09:06:00+00', '2026-11-22 09:06:00+00'),
	('run-thread-6-7', 'thread-6-7', 'a767ea5b1c00408d8bf8e7f35fd605f9', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-22 09:07:00+00', '2026-11-22 09:07:00+00'),
	('run-thread-6-8', 'thread-6-8', '517e984cec164f08815c7ceab18fb7b6', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-22 09:08:00+00', '2026-11-22 09:08:00+00'),
	('run-thread-6-9', 'thread-6-9', '11d51feb3c0843448dda63a60259bc39', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-22 09:09:00+00', '2026-11-22 09:09:00+00'),
	('run-thread-6-10', 'thread-6-10', '595be84e652548ef9fd268aea30556e5', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-22 09:10:00+00', '2026-11-22 09:10:00+00'),
	('run-thread-6-11', 'thread-6-11', 'c92ad6566adc4aa4bb2173de1df70252', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000003"}', '{}', 'reject', '2026-11-22 09:11:00+00', '2026-11-22 09:11:00+00'),
	('run-thread-6-12', 'thread-6-12', '479fbdf2a98042bd84a2ea97feb0405f', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000001"}', '{}', 'reject', '2026-11-22 09:12:00+00', '2026-11-22 09:12:00+00'),
	('run-thread-6-13', 'thread-6-13', 'c6b525bf49de4229be136eaa76cda534', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-22 09:13:00+00', '2026-11-22 09:13:00+00'),
	('run-thread-6-14', 'thread-6-14', 'eb678d3b7e194f39b2cdaef4e6e6f5f7', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-22 09:14:00+00', '2026-11-22 09:14:00+00'),
	('run-thread-6-15', 'thread-6-15', 'd1819ff82e1c4815a34c0c6757b1aa85', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-22 09:15:00+00', '2026-11-22 09:15:00+00'),
	('run-thread-6-16', 'thread-6-16', 'cc28ceb94b0742baac960878337e5234', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000005"}', '{}', 'reject', '2026-11-22 09:16:00+00', '2026-11-22 09:16:00+00'),
	('run-thread-6-17', 'thread-6-17', '50e6cc42ffd54b059a5bfd5866892743', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-22 09:17:00+00', '2026-11-22 09:17:00+00'),
	('run-thread-6-18', 'thread-6-18', '01012b4cfc434ad5b33a6083849d8a7c', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000002"}', '{}', 'reject', '2026-11-22 09:18:00+00', '2026-11-22 09:18:00+00'),
	('run-thread-6-19', 'thread-6-19', 'f3c7ce0be0524b5a92adfe56c0ae86fd', 'success', '{"agent_id": "a0000000-0000-4000-a000-000000000004"}', '{}', 'reject', '2026-11-22 09:19:00+00', '2026-11-22 09:19:00+00');


--
-- Data for Name: store_items; Type: TABLE DATA; Schema: langgraph_server; Owner: postgres
--

INSERT INTO langgraph_server.store_items VALUES
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000000.8bcd4b1bf88b4b60ab8e6eb55983e83b.facts}', 'memory-0-0', '{"text": "said to 8bcd4b1bf88b4b60ab8e6eb55983e83b"}', 'c0de0000-0000-0000-0000-000000000000', '{"assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '2026-11-16 09:00:00+00', '2026-11-16 09:00:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts}', 'memory-0-4', '{"text": "said to 6255a44d61e84a4bbe66aa9c8a99e714"}', 'c0de0000-0000-0000-0000-000000000004', '{"assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '2026-11-16 09:04:00+00', '2026-11-16 09:04:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-000000000006,5f2f99db7f804e8b9a519007fa83568e,facts}', 'memory-0-6', '{"text": "said to 5f2f99db7f804e8b9a519007fa83568e"}', 'c0de0000-0000-0000-0000-000000000006', '{"assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '2026-11-16 09:06:00+00', '2026-11-16 09:06:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000007/6191936573fa4925a83511894ae950fb/facts}', 'memory-0-7', '{"text": "said to 6191936573fa4925a83511894ae950fb"}', 'c0de0000-0000-0000-0000-000000000007', '{"assistant_id": "6191936573fa4925a83511894ae950fb"}', '2026-11-16 09:07:00+00', '2026-11-16 09:07:00+00'),
	('11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-00000000000a/595be84e652548ef9fd268aea30556e5/facts', 'memory-0-10', '{"text": "said to 595be84e652548ef9fd268aea30556e5"}', 'c0de0000-0000-0000-0000-00000000000a', '{"assistant_id": "595be84e652548ef9fd268aea30556e5"}', '2026-11-16 09:10:00+00', '2026-11-16 09:10:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-00000000000b,c92ad6566adc4aa4bb2173de1df70252,facts}', 'memory-0-11', '{"text": "said to c92ad6566adc4aa4bb2173de1df70252"}', 'c0de0000-0000-0000-0000-00000000000b', '{"assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}', '2026-11-16 09:11:00+00', '2026-11-16 09:11:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-00000000000c/479fbdf2a98042bd84a2ea97feb0405f/facts}', 'memory-0-12', '{"text": "said to 479fbdf2a98042bd84a2ea97feb0405f"}', 'c0de0000-0000-0000-0000-00000000000c', '{"assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '2026-11-16 09:12:00+00', '2026-11-16 09:12:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000013,d9792da69f0541b9ae1093f0ae62f494,facts}', 'memory-0-19', '{"text": "said to d9792da69f0541b9ae1093f0ae62f494"}', 'c0de0000-0000-0000-0000-000000000013', '{"assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}', '2026-11-16 09:19:00+00', '2026-11-16 09:19:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000002/1e109e1116254a2090247690976e6865/facts}', 'memory-1-2', '{"text": "said to 1e109e1116254a2090247690976e6865"}', 'c0de0000-0000-0000-0000-000000000002', '{"assistant_id": "1e109e1116254a2090247690976e6865"}', '2026-11-17 09:02:00+00', '2026-11-17 09:02:00+00'),
	('11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000004/6255a44d61e84a4bbe66aa9c8a99e714/facts', 'memory-1-4', '{"text": "said to 6255a44d61e84a4bbe66aa9c8a99e714"}', 'c0de0000-0000-0000-0000-000000000004', '{"assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '2026-11-17 09:04:00+00', '2026-11-17 09:04:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000005,f6bc8232f88c45c392299c32571d1ec6,facts}', 'memory-1-5', '{"text": "said to f6bc8232f88c45c392299c32571d1ec6"}', 'c0de0000-0000-0000-0000-000000000005', '{"assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '2026-11-17 09:05:00+00', '2026-11-17 09:05:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000006/5f2f99db7f804e8b9a519007fa83568e/facts}', 'memory-1-6', '{"text": "said to 5f2f99db7f804e8b9a519007fa83568e"}', 'c0de0000-0000-0000-0000-000000000006', '{"assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '2026-11-17 09:06:00+00', '2026-11-17 09:06:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000009,11d51feb3c0843448dda63a60259bc39,facts}', 'memory-1-9', '{"text": "said to 11d51feb3c0843448dda63a60259bc39"}', 'c0de0000-0000-0000-0000-000000000009', '{"assistant_id": "11d51feb3c0843448dda63a60259bc39"}', '2026-11-17 09:09:00+00', '2026-11-17 09:09:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000c.479fbdf2a98042bd84a2ea97feb0405f.facts}', 'memory-1-12', '{"text": "said to 479fbdf2a98042bd84a2ea97feb0405f"}', 'c0de0000-0000-0000-0000-00000000000c', '{"assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '2026-11-17 09:12:00+00', '2026-11-17 09:12:00+00'),
	('22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-00000000000d/21a74143bb6744079c3c7d313baa547d/facts', 'memory-1-13', '{"text": "said to 21a74143bb6744079c3c7d313baa547d"}', 'c0de0000-0000-0000-0000-00000000000d', '{"assistant_id": "21a74143bb6744079c3c7d313baa547d"}', '2026-11-17 09:13:00+00', '2026-11-17 09:13:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000010.cc28ceb94b0742baac960878337e5234.facts}', 'memory-1-16', '{"text": "said to cc28ceb94b0742baac960878337e5234"}', 'c0de0000-0000-0000-0000-000000000010', '{"assistant_id": "cc28ceb94b0742baac960878337e5234"}', '2026-11-17 09:16:00+00', '2026-11-17 09:16:00+00'),
	('22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000011/87b92559054b4f76bcaf02e62f69d9d8/facts', 'memory-1-17', '{"text": "said to 87b92559054b4f76bcaf02e62f69d9d8"}', 'c0de0000-0000-0000-0000-000000000011', '{"assistant_id": "87b92559054b4f76bcaf02e62f69d9d8"}', '2026-11-17 09:17:00+00', '2026-11-17 09:17:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-000000000012,01012b4cfc434ad5b33a6083849d8a7c,facts}', 'memory-1-18', '{"text": "said to 01012b4cfc434ad5b33a6083849d8a7c"}', 'c0de0000-0000-0000-0000-000000000012', '{"assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '2026-11-17 09:18:00+00', '2026-11-17 09:18:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000002.1e109e1116254a2090247690976e6865.facts}', 'memory-2-2', '{"text": "said to 1e109e1116254a2090247690976e6865"}', 'c0de0000-0000-0000-0000-000000000002', '{"assistant_id": "1e109e1116254a2090247690976e6865"}', '2026-11-18 09:02:00+00', '2026-11-18 09:02:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-000000000004,6255a44d61e84a4bbe66aa9c8a99e714,facts}', 'memory-2-4', '{"text": "said to 6255a44d61e84a4bbe66aa9c8a99e714"}', 'c0de0000-0000-0000-0000-000000000004', '{"assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '2026-11-18 09:04:00+00', '2026-11-18 09:04:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000005/f6bc8232f88c45c392299c32571d1ec6/facts}', 'memory-2-5', '{"text": "said to f6bc8232f88c45c392299c32571d1ec6"}', 'c0de0000-0000-0000-0000-000000000005', '{"assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '2026-11-18 09:05:00+00', '2026-11-18 09:05:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-00000000000a/595be84e652548ef9fd268aea30556e5/facts}', 'memory-2-10', '{"text": "said to 595be84e652548ef9fd268aea30556e5"}', 'c0de0000-0000-0000-0000-00000000000a', '{"assistant_id": "595be84e652548ef9fd268aea30556e5"}', '2026-11-18 09:10:00+00', '2026-11-18 09:10:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-00000000000d,21a74143bb6744079c3c7d313baa547d,facts}', 'memory-2-13', '{"text": "said to 21a74143bb6744079c3c7d313baa547d"}', 'c0de0000-0000-0000-0000-00000000000d', '{"assistant_id": "21a74143bb6744079c3c7d313baa547d"}', '2026-11-18 09:13:00+00', '2026-11-18 09:13:00+00'),
	('{22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000f.d1819ff82e1c4815a34c0c6757b1aa85.facts}', 'memory-2-15', '{"text": "said to d1819ff82e1c4815a34c0c6757b1aa85"}', 'c0de0000-0000-0000-0000-00000000000f', '{"assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}', '2026-11-18 09:15:00+00', '2026-11-18 09:15:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000012/01012b4cfc434ad5b33a6083849d8a7c/facts}', 'memory-2-18', '{"text": "said to 01012b4cfc434ad5b33a6083849d8a7c"}', 'c0de0000-0000-0000-0000-000000000012', '{"assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '2026-11-18 09:18:00+00', '2026-11-18 09:18:00+00'),
	('{22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000013.f3c7ce0be0524b5a92adfe56c0ae86fd.facts}', 'memory-2-19', '{"text": "said to f3c7ce0be0524b5a92adfe56c0ae86fd"}', 'c0de0000-0000-0000-0000-000000000013', '{"assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}', '2026-11-18 09:19:00+00', '2026-11-18 09:19:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000000/8bcd4b1bf88b4b60ab8e6eb55983e83b/facts}', 'memory-3-0', '{"text": "said to 8bcd4b1bf88b4b60ab8e6eb55983e83b"}', 'c0de0000-0000-0000-0000-000000000000', '{"assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '2026-11-19 09:00:00+00', '2026-11-19 09:00:00+00'),
	('{22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000001.c0695b31c2ac491aabe411d69f03afe2.facts}', 'memory-3-1', '{"text": "said to c0695b31c2ac491aabe411d69f03afe2"}', 'c0de0000-0000-0000-0000-000000000001', '{"assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}', '2026-11-19 09:01:00+00', '2026-11-19 09:01:00+00'),
	('11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000002/1e109e1116254a2090247690976e6865/facts', 'memory-3-2', '{"text": "said to 1e109e1116254a2090247690976e6865"}', 'c0de0000-0000-0000-0000-000000000002', '{"assistant_id": "1e109e1116254a2090247690976e6865"}', '2026-11-19 09:02:00+00', '2026-11-19 09:02:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000003,f13fa623f36f4b39bdbea96c8e75cfa7,facts}', 'memory-3-3', '{"text": "said to f13fa623f36f4b39bdbea96c8e75cfa7"}', 'c0de0000-0000-0000-0000-000000000003', '{"assistant_id": "f13fa623f36f4b39bdbea96c8e75cfa7"}', '2026-11-19 09:03:00+00', '2026-11-19 09:03:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000004/6255a44d61e84a4bbe66aa9c8a99e714/facts}', 'memory-3-4', '{"text": "said to 6255a44d61e84a4bbe66aa9c8a99e714"}', 'c0de0000-0000-0000-0000-000000000004', '{"assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '2026-11-19 09:04:00+00', '2026-11-19 09:04:00+00'),
	('{22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000005.821dcf17e31144b2a603a82beaf84fbd.facts}', 'memory-3-5', '{"text": "said to 821dcf17e31144b2a603a82beaf84fbd"}', 'c0de0000-0000-0000-0000-000000000005', '{"assistant_id": "821dcf17e31144b2a603a82beaf84fbd"}', '2026-11-19 09:05:00+00', '2026-11-19 09:05:00+00'),
	('11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000006/5f2f99db7f804e8b9a519007fa83568e/facts', 'memory-3-6', '{"text": "said to 5f2f99db7f804e8b9a519007fa83568e"}', 'c0de0000-0000-0000-0000-000000000006', '{"assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '2026-11-19 09:06:00+00', '2026-11-19 09:06:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000007,6191936573fa4925a83511894ae950fb,facts}', 'memory-3-7', '{"text": "said to 6191936573fa4925a83511894ae950fb"}', 'c0de0000-0000-0000-0000-000000000007', '{"assistant_id": "6191936573fa4925a83511894ae950fb"}', '2026-11-19 09:07:00+00', '2026-11-19 09:07:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000008/517e984cec164f08815c7ceab18fb7b6/facts}', 'memory-3-8', '{"text": "said to 517e984cec164f08815c7ceab18fb7b6"}', 'c0de0000-0000-0000-0000-000000000008', '{"assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '2026-11-19 09:08:00+00', '2026-11-19 09:08:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000a.595be84e652548ef9fd268aea30556e5.facts}', 'memory-3-10', '{"text": "said to 595be84e652548ef9fd268aea30556e5"}', 'c0de0000-0000-0000-0000-00000000000a', '{"assistant_id": "595be84e652548ef9fd268aea30556e5"}', '2026-11-19 09:10:00+00', '2026-11-19 09:10:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-00000000000c,479fbdf2a98042bd84a2ea97feb0405f,facts}', 'memory-3-12', '{"text": "said to 479fbdf2a98042bd84a2ea97feb0405f"}', 'c0de0000-0000-0000-0000-00000000000c', '{"assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '2026-11-19 09:12:00+00', '2026-11-19 09:12:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-00000000000d/c6b525bf49de4229be136eaa76cda534/facts}', 'memory-3-13', '{"text": "said to c6b525bf49de4229be136eaa76cda534"}', 'c0de0000-0000-0000-0000-00000000000d', '{"assistant_id": "c6b525bf49de4229be136eaa76cda534"}', '2026-11-19 09:13:00+00', '2026-11-19 09:13:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000e.eb678d3b7e194f39b2cdaef4e6e6f5f7.facts}', 'memory-3-14', '{"text": "said to eb678d3b7e194f39b2cdaef4e6e6f5f7"}', 'c0de0000-0000-0000-0000-00000000000e', '{"assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '2026-11-19 09:14:00+00', '2026-11-19 09:14:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000011/50e6cc42ffd54b059a5bfd5866892743/facts}', 'memory-3-17', '{"text": "said to 50e6cc42ffd54b059a5bfd5866892743"}', 'c0de0000-0000-0000-0000-000000000011', '{"assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}', '2026-11-19 09:17:00+00', '2026-11-19 09:17:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000012.01012b4cfc434ad5b33a6083849d8a7c.facts}', 'memory-3-18', '{"text": "said to 01012b4cfc434ad5b33a6083849d8a7c"}', 'c0de0000-0000-0000-0000-000000000012', '{"assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '2026-11-19 09:18:00+00', '2026-11-19 09:18:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000000.8bcd4b1bf88b4b60ab8e6eb55983e83b.facts}', 'memory-4-0', '{"text": "said to 8bcd4b1bf88b4b60ab8e6eb55983e83b"}', 'c0de0000-0000-0000-0000-000000000000', '{"assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '2026-11-20 09:00:00+00', '2026-11-20 09:00:00+00'),
	('22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000001/c0695b31c2ac491aabe411d69f03afe2/facts', 'memory-4-1', '{"text": "said to c0695b31c2ac491aabe411d69f03afe2"}', 'c0de0000-0000-0000-0000-000000000001', '{"assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}', '2026-11-20 09:01:00+00', '2026-11-20 09:01:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-000000000002,1e109e1116254a2090247690976e6865,facts}', 'memory-4-2', '{"text": "said to 1e109e1116254a2090247690976e6865"}', 'c0de0000-0000-0000-0000-000000000002', '{"assistant_id": "1e109e1116254a2090247690976e6865"}', '2026-11-20 09:02:00+00', '2026-11-20 09:02:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000003/2e874a0fc21e4e45b1ea4fb18e60b832/facts}', 'memory-4-3', '{"text": "said to 2e874a0fc21e4e45b1ea4fb18e60b832"}', 'c0de0000-0000-0000-0000-000000000003', '{"assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}', '2026-11-20 09:03:00+00', '2026-11-20 09:03:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts}', 'memory-4-4', '{"text": "said to 6255a44d61e84a4bbe66aa9c8a99e714"}', 'c0de0000-0000-0000-0000-000000000004', '{"assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '2026-11-20 09:04:00+00', '2026-11-20 09:04:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-000000000006,5f2f99db7f804e8b9a519007fa83568e,facts}', 'memory-4-6', '{"text": "said to 5f2f99db7f804e8b9a519007fa83568e"}', 'c0de0000-0000-0000-0000-000000000006', '{"assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '2026-11-20 09:06:00+00', '2026-11-20 09:06:00+00'),
	('11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-00000000000e/eb678d3b7e194f39b2cdaef4e6e6f5f7/facts', 'memory-4-14', '{"text": "said to eb678d3b7e194f39b2cdaef4e6e6f5f7"}', 'c0de0000-0000-0000-0000-00000000000e', '{"assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '2026-11-20 09:14:00+00', '2026-11-20 09:14:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000010/cc28ceb94b0742baac960878337e5234/facts}', 'memory-4-16', '{"text": "said to cc28ceb94b0742baac960878337e5234"}', 'c0de0000-0000-0000-0000-000000000010', '{"assistant_id": "cc28ceb94b0742baac960878337e5234"}', '2026-11-20 09:16:00+00', '2026-11-20 09:16:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000013,d9792da69f0541b9ae1093f0ae62f494,facts}', 'memory-4-19', '{"text": "said to d9792da69f0541b9ae1093f0ae62f494"}', 'c0de0000-0000-0000-0000-000000000013', '{"assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}', '2026-11-20 09:19:00+00', '2026-11-20 09:19:00+00'),
	('11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000000/8bcd4b1bf88b4b60ab8e6eb55983e83b/facts', 'memory-5-0', '{"text": "said to 8bcd4b1bf88b4b60ab8e6eb55983e83b"}', 'c0de0000-0000-0000-0000-000000000000', '{"assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '2026-11-21 09:00:00+00', '2026-11-21 09:00:00+00'),
	('11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-000000000004/6255a44d61e84a4bbe66aa9c8a99e714/facts', 'memory-5-4', '{"text": "said to 6255a44d61e84a4bbe66aa9c8a99e714"}', 'c0de0000-0000-0000-0000-000000000004', '{"assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '2026-11-21 09:04:00+00', '2026-11-21 09:04:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000005,f6bc8232f88c45c392299c32571d1ec6,facts}', 'memory-5-5', '{"text": "said to f6bc8232f88c45c392299c32571d1ec6"}', 'c0de0000-0000-0000-0000-000000000005', '{"assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '2026-11-21 09:05:00+00', '2026-11-21 09:05:00+00'),
	('{22222222-2222-4222-8222-222222222222,c0de0000-0000-0000-0000-000000000009,11d51feb3c0843448dda63a60259bc39,facts}', 'memory-5-9', '{"text": "said to 11d51feb3c0843448dda63a60259bc39"}', 'c0de0000-0000-0000-0000-000000000009', '{"assistant_id": "11d51feb3c0843448dda63a60259bc39"}', '2026-11-21 09:09:00+00', '2026-11-21 09:09:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-00000000000e,eb678d3b7e194f39b2cdaef4e6e6f5f7,facts}', 'memory-5-14', '{"text": "said to eb678d3b7e194f39b2cdaef4e6e6f5f7"}', 'c0de0000-0000-0000-0000-00000000000e', '{"assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '2026-11-21 09:14:00+00', '2026-11-21 09:14:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-00000000000f/c81e49c6a1ab419cb1bec94384cfaacd/facts}', 'memory-5-15', '{"text": "said to c81e49c6a1ab419cb1bec94384cfaacd"}', 'c0de0000-0000-0000-0000-00000000000f', '{"assistant_id": "c81e49c6a1ab419cb1bec94384cfaacd"}', '2026-11-21 09:15:00+00', '2026-11-21 09:15:00+00'),
	('22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000011/87b92559054b4f76bcaf02e62f69d9d8/facts', 'memory-5-17', '{"text": "said to 87b92559054b4f76bcaf02e62f69d9d8"}', 'c0de0000-0000-0000-0000-000000000011', '{"assistant_id": "87b92559054b4f76bcaf02e62f69d9d8"}', '2026-11-21 09:17:00+00', '2026-11-21 09:17:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-000000000012,01012b4cfc434ad5b33a6083849d8a7c,facts}', 'memory-5-18', '{"text": "said to 01012b4cfc434ad5b33a6083849d8a7c"}', 'c0de0000-0000-0000-0000-000000000012', '{"assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '2026-11-21 09:18:00+00', '2026-11-21 09:18:00+00'),
	('{11111111-1111-4111-8111-111111111111,c0de0000-0000-0000-0000-000000000000,8bcd4b1bf88b4b60ab8e6eb55983e83b,facts}', 'memory-6-0', '{"text": "said to 8bcd4b1bf88b4b60ab8e6eb55983e83b"}', 'c0de0000-0000-0000-0000-000000000000', '{"assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000001/c0695b31c2ac491aabe411d69f03afe2/facts}', 'memory-6-1', '{"text": "said to c0695b31c2ac491aabe411d69f03afe2"}', 'c0de0000-0000-0000-0000-000000000001', '{"assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}', '2026-11-22 09:01:00+00', '2026-11-22 09:01:00+00'),
	('{11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000002.1e109e1116254a2090247690976e6865.facts}', 'memory-6-2', '{"text": "said to 1e109e1116254a2090247690976e6865"}', 'c0de0000-0000-0000-0000-000000000002', '{"assistant_id": "1e109e1116254a2090247690976e6865"}', '2026-11-22 09:02:00+00', '2026-11-22 09:02:00+00'),
	('{22222222-2222-4222-8222-222222222222/c0de0000-0000-0000-0000-000000000009/11d51feb3c0843448dda63a60259bc39/facts}', 'memory-6-9', '{"text": "said to 11d51feb3c0843448dda63a60259bc39"}', 'c0de0000-0000-0000-0000-000000000009', '{"assistant_id": "11d51feb3c0843448dda63a60259bc39"}', '2026-11-22 09:09:00+00', '2026-11-22 09:09:00+00'),
	('{22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000b.c92ad6566adc4aa4bb2173de1df70252.facts}', 'memory-6-11', '{"text": "said to c92ad6566adc4aa4bb2173de1df70252"}', 'c0de0000-0000-0000-0000-00000000000b', '{"assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}', '2026-11-22 09:11:00+00', '2026-11-22 09:11:00+00'),
	('{11111111-1111-4111-8111-111111111111/c0de0000-0000-0000-0000-00000000000e/eb678d3b7e194f39b2cdaef4e6e6f5f7/facts}', 'memory-6-14', '{"text": "said to eb678d3b7e194f39b2cdaef4e6e6f5f7"}', 'c0de0000-0000-0000-0000-00000000000e', '{"assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '2026-11-22 09:14:00+00', '2026-11-22 09:14:00+00'),
	('{22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000013.f3c7ce0be0524b5a92adfe56c0ae86fd.facts}', 'memory-6-19', '{"text": "said to f3c7ce0be0524b5a92adfe56c0ae86fd"}', 'c0de0000-0000-0000-0000-000000000013', '{"assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}', '2026-11-22 09:19:00+00', '2026-11-22 09:19:00+00');


--
-- Data for Name: thread_states; Type: TABLE DATA; Schema: langgraph_server; Owner: postgres
--



--
-- Data for Name: threads; Type: TABLE DATA; Schema: langgraph_server; Owner: postgres
--

INSERT INTO langgraph_server.threads VALUES
	('thread-0-0', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:00:00+00', '2026-11-16 09:00:00+00'),
	('thread-0-1', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:01:00+00', '2026-11-16 09:01:00+00'),
	('thread-0-2', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "1e109e1116254a2090247690976e6865"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:02:00+00', '2026-11-16 09:02:00+00'),
	('thread-0-3', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:03:00+00', '2026-11-16 09:03:00+00'),
	('thread-0-4', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:04:00+00', '2026-11-16 09:04:00+00'),
	('thread-0-5', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:05:00+00', '2026-11-16 09:05:00+00'),
	('thread-0-6', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:06:00+00', '2026-11-16 09:06:00+00'),
	('thread-0-7', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:07:00+00', '2026-11-16 09:07:00+00'),
	('thread-0-8', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:08:00+00', '2026-11-16 09:08:00+00'),
	('thread-0-9', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:09:00+00', '2026-11-16 09:09:00+00'),
	('thread-0-10', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:10:00+00', '2026-11-16 09:10:00+00'),
	('thread-0-11', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:11:00+00', '2026-11-16 09:11:00+00'),
	('thread-0-12', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:12:00+00', '2026-11-16 09:12:00+00'),
	('thread-0-13', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:13:00+00', '2026-11-16 09:13:00+00'),
	('thread-0-14', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:14:00+00', '2026-11-16 09:14:00+00'),
	('thread-0-15', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c81e49c6a1ab419cb1bec94384cfaacd"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:15:00+00', '2026-11-16 09:15:00+00'),
	('thread-0-16', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:16:00+00', '2026-11-16 09:16:00+00'),
	('thread-0-17', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:17:00+00', '2026-11-16 09:17:00+00'),
	('thread-0-18', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:18:00+00', '2026-11-16 09:18:00+00'),
	('thread-0-19', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}', '{}', 'idle', '{}', '{}', '2026-11-16 09:19:00+00', '2026-11-16 09:19:00+00'),
	('thread-1-0', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:00:00+00', '2026-11-17 09:00:00+00'),
	('thread-1-1', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6acbae4c68db49309eb1400bf6073bc2"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:01:00+00', '2026-11-17 09:01:00+00'),
	('thread-1-2', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "1e109e1116254a2090247690976e6865"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:02:00+00', '2026-11-17 09:02:00+00'),
	('thread-1-3', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:03:00+00', '2026-11-17 09:03:00+00'),
	('thread-1-4', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:04:00+00', '2026-11-17 09:04:00+00'),
	('thread-1-5', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:05:00+00', '2026-11-17 09:05:00+00'),
	('thread-1-6', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:06:00+00', '2026-11-17 09:06:00+00'),
	('thread-1-7', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:07:00+00', '2026-11-17 09:07:00+00'),
	('thread-1-8', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:08:00+00', '2026-11-17 09:08:00+00'),
	('thread-1-9', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:09:00+00', '2026-11-17 09:09:00+00'),
	('thread-1-10', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "595be84e652548ef9fd268aea30556e5"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:10:00+00', '2026-11-17 09:10:00+00'),
	('thread-1-11', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d130d004fcce4d0a8afcf3ab74ce6f23"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:11:00+00', '2026-11-17 09:11:00+00'),
	('thread-1-12', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:12:00+00', '2026-11-17 09:12:00+00'),
	('thread-1-13', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:13:00+00', '2026-11-17 09:13:00+00'),
	('thread-1-14', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:14:00+00', '2026-11-17 09:14:00+00'),
	('thread-1-15', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:15:00+00', '2026-11-17 09:15:00+00'),
	('thread-1-16', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:16:00+00', '2026-11-17 09:16:00+00'),
	('thread-1-17', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "87b92559054b4f76bcaf02e62f69d9d8"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:17:00+00', '2026-11-17 09:17:00+00'),
	('thread-1-18', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:18:00+00', '2026-11-17 09:18:00+00'),
	('thread-1-19', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}', '{}', 'idle', '{}', '{}', '2026-11-17 09:19:00+00', '2026-11-17 09:19:00+00'),
	('thread-2-0', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:00:00+00', '2026-11-18 09:00:00+00'),
	('thread-2-1', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6acbae4c68db49309eb1400bf6073bc2"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:01:00+00', '2026-11-18 09:01:00+00'),
	('thread-2-2', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "1e109e1116254a2090247690976e6865"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:02:00+00', '2026-11-18 09:02:00+00'),
	('thread-2-3', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:03:00+00', '2026-11-18 09:03:00+00'),
	('thread-2-4', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:04:00+00', '2026-11-18 09:04:00+00'),
	('thread-2-5', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:05:00+00', '2026-11-18 09:05:00+00'),
	('thread-2-6', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:06:00+00', '2026-11-18 09:06:00+00'),
	('thread-2-7', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:07:00+00', '2026-11-18 09:07:00+00'),
	('thread-2-8', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:08:00+00', '2026-11-18 09:08:00+00'),
	('thread-2-9', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:09:00+00', '2026-11-18 09:09:00+00'),
	('thread-2-10', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "595be84e652548ef9fd268aea30556e5"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:10:00+00', '2026-11-18 09:10:00+00'),
	('thread-2-11', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:11:00+00', '2026-11-18 09:11:00+00'),
	('thread-2-12', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:12:00+00', '2026-11-18 09:12:00+00'),
	('thread-2-13', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:13:00+00', '2026-11-18 09:13:00+00'),
	('thread-2-14', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:14:00+00', '2026-11-18 09:14:00+00'),
	('thread-2-15', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:15:00+00', '2026-11-18 09:15:00+00'),
	('thread-2-16', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:16:00+00', '2026-11-18 09:16:00+00'),
	('thread-2-17', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:17:00+00', '2026-11-18 09:17:00+00'),
	('thread-2-18', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:18:00+00', '2026-11-18 09:18:00+00'),
	('thread-2-19', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}', '{}', 'idle', '{}', '{}', '2026-11-18 09:19:00+00', '2026-11-18 09:19:00+00'),
	('thread-3-0', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:00:00+00', '2026-11-19 09:00:00+00'),
	('thread-3-1', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:01:00+00', '2026-11-19 09:01:00+00'),
	('thread-3-2', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "1e109e1116254a2090247690976e6865"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:02:00+00', '2026-11-19 09:02:00+00'),
	('thread-3-3', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f13fa623f36f4b39bdbea96c8e75cfa7"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:03:00+00', '2026-11-19 09:03:00+00'),
	('thread-3-4', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:04:00+00', '2026-11-19 09:04:00+00'),
	('thread-3-5', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "821dcf17e31144b2a603a82beaf84fbd"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:05:00+00', '2026-11-19 09:05:00+00'),
	('thread-3-6', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:06:00+00', '2026-11-19 09:06:00+00'),
	('thread-3-7', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:07:00+00', '2026-11-19 09:07:00+00'),
	('thread-3-8', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:08:00+00', '2026-11-19 09:08:00+00'),
	('thread-3-9', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:09:00+00', '2026-11-19 09:09:00+00'),
	('thread-3-10', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "595be84e652548ef9fd268aea30556e5"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:10:00+00', '2026-11-19 09:10:00+00'),
	('thread-3-11', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:11:00+00', '2026-11-19 09:11:00+00'),
	('thread-3-12', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:12:00+00', '2026-11-19 09:12:00+00'),
	('thread-3-13', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c6b525bf49de4229be136eaa76cda534"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:13:00+00', '2026-11-19 09:13:00+00'),
	('thread-3-14', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:14:00+00', '2026-11-19 09:14:00+00'),
	('thread-3-15', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c81e49c6a1ab419cb1bec94384cfaacd"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:15:00+00', '2026-11-19 09:15:00+00'),
	('thread-3-16', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "cc28ceb94b0742baac960878337e5234"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:16:00+00', '2026-11-19 09:16:00+00'),
	('thread-3-17', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:17:00+00', '2026-11-19 09:17:00+00'),
	('thread-3-18', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:18:00+00', '2026-11-19 09:18:00+00'),
	('thread-3-19', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}', '{}', 'idle', '{}', '{}', '2026-11-19 09:19:00+00', '2026-11-19 09:19:00+00'),
	('thread-4-0', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:00:00+00', '2026-11-20 09:00:00+00'),
	('thread-4-1', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:01:00+00', '2026-11-20 09:01:00+00'),
	('thread-4-2', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "1e109e1116254a2090247690976e6865"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:02:00+00', '2026-11-20 09:02:00+00'),
	('thread-4-3', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:03:00+00', '2026-11-20 09:03:00+00'),
	('thread-4-4', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:04:00+00', '2026-11-20 09:04:00+00'),
	('thread-4-5', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "821dcf17e31144b2a603a82beaf84fbd"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:05:00+00', '2026-11-20 09:05:00+00'),
	('thread-4-6', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:06:00+00', '2026-11-20 09:06:00+00'),
	('thread-4-7', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "a767ea5b1c00408d8bf8e7f35fd605f9"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:07:00+00', '2026-11-20 09:07:00+00'),
	('thread-4-8', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:08:00+00', '2026-11-20 09:08:00+00'),
	('thread-4-9', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:09:00+00', '2026-11-20 09:09:00+00'),
	('thread-4-10', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:10:00+00', '2026-11-20 09:10:00+00'),
	('thread-4-11', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:11:00+00', '2026-11-20 09:11:00+00'),
	('thread-4-12', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:12:00+00', '2026-11-20 09:12:00+00'),
	('thread-4-13', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:13:00+00', '2026-11-20 09:13:00+00'),
	('thread-4-14', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:14:00+00', '2026-11-20 09:14:00+00'),
	('thread-4-15', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:15:00+00', '2026-11-20 09:15:00+00'),
	('thread-4-16', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "cc28ceb94b0742baac960878337e5234"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:16:00+00', '2026-11-20 09:16:00+00'),
	('thread-4-17', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:17:00+00', '2026-11-20 09:17:00+00'),
	('thread-4-18', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:18:00+00', '2026-11-20 09:18:00+00'),
	('thread-4-19', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}', '{}', 'idle', '{}', '{}', '2026-11-20 09:19:00+00', '2026-11-20 09:19:00+00');
INSERT INTO langgraph_server.threads VALUES
	('thread-5-0', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:00:00+00', '2026-11-21 09:00:00+00'),
	('thread-5-1', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6acbae4c68db49309eb1400bf6073bc2"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:01:00+00', '2026-11-21 09:01:00+00'),
	('thread-5-2', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "1e109e1116254a2090247690976e6865"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:02:00+00', '2026-11-21 09:02:00+00'),
	('thread-5-3', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:03:00+00', '2026-11-21 09:03:00+00'),
	('thread-5-4', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:04:00+00', '2026-11-21 09:04:00+00'),
	('thread-5-5', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:05:00+00', '2026-11-21 09:05:00+00'),
	('thread-5-6', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:06:00+00', '2026-11-21 09:06:00+00'),
	('thread-5-7', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "a767ea5b1c00408d8bf8e7f35fd605f9"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:07:00+00', '2026-11-21 09:07:00+00'),
	('thread-5-8', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:08:00+00', '2026-11-21 09:08:00+00'),
	('thread-5-9', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:09:00+00', '2026-11-21 09:09:00+00'),
	('thread-5-10', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:10:00+00', '2026-11-21 09:10:00+00'),
	('thread-5-11', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d130d004fcce4d0a8afcf3ab74ce6f23"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:11:00+00', '2026-11-21 09:11:00+00'),
	('thread-5-12', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:12:00+00', '2026-11-21 09:12:00+00'),
	('thread-5-13', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:13:00+00', '2026-11-21 09:13:00+00'),
	('thread-5-14', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:14:00+00', '2026-11-21 09:14:00+00'),
	('thread-5-15', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c81e49c6a1ab419cb1bec94384cfaacd"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:15:00+00', '2026-11-21 09:15:00+00'),
	('thread-5-16', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:16:00+00', '2026-11-21 09:16:00+00'),
	('thread-5-17', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "87b92559054b4f76bcaf02e62f69d9d8"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:17:00+00', '2026-11-21 09:17:00+00'),
	('thread-5-18', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:18:00+00', '2026-11-21 09:18:00+00'),
	('thread-5-19', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}', '{}', 'idle', '{}', '{}', '2026-11-21 09:19:00+00', '2026-11-21 09:19:00+00'),
	('thread-6-0', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00'),
	('thread-6-1', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:01:00+00', '2026-11-22 09:01:00+00'),
	('thread-6-2', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "1e109e1116254a2090247690976e6865"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:02:00+00', '2026-11-22 09:02:00+00'),
	('thread-6-3', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f13fa623f36f4b39bdbea96c8e75cfa7"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:03:00+00', '2026-11-22 09:03:00+00'),
	('thread-6-4', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:04:00+00', '2026-11-22 09:04:00+00'),
	('thread-6-5', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:05:00+00', '2026-11-22 09:05:00+00'),
	('thread-6-6', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:06:00+00', '2026-11-22 09:06:00+00'),
	('thread-6-7', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "a767ea5b1c00408d8bf8e7f35fd605f9"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:07:00+00', '2026-11-22 09:07:00+00'),
	('thread-6-8', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:08:00+00', '2026-11-22 09:08:00+00'),
	('thread-6-9', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:09:00+00', '2026-11-22 09:09:00+00'),
	('thread-6-10', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:10:00+00', '2026-11-22 09:10:00+00'),
	('thread-6-11', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:11:00+00', '2026-11-22 09:11:00+00'),
	('thread-6-12', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:12:00+00', '2026-11-22 09:12:00+00'),
	('thread-6-13', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c6b525bf49de4229be136eaa76cda534"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:13:00+00', '2026-11-22 09:13:00+00'),
	('thread-6-14', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:14:00+00', '2026-11-22 09:14:00+00'),
	('thread-6-15', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:15:00+00', '2026-11-22 09:15:00+00'),
	('thread-6-16', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:16:00+00', '2026-11-22 09:16:00+00'),
	('thread-6-17', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:17:00+00', '2026-11-22 09:17:00+00'),
	('thread-6-18', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:18:00+00', '2026-11-22 09:18:00+00'),
	('thread-6-19', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}', '{}', 'idle', '{}', '{}', '2026-11-22 09:19:00+00', '2026-11-22 09:19:00+00');


--
-- Data for Name: agent_mcp_tools; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.agent_mcp_tools VALUES
	('a0000000-0000-4000-a000-000000000001', '70000000-0000-4000-a000-000000000001'),
	('a0000000-0000-4000-a000-000000000002', '70000000-0000-4000-a000-000000000003'),
	('a0000000-0000-4000-a000-000000000002', '70000000-0000-4000-a000-000000000002'),
	('a0000000-0000-4000-a000-000000000003', '70000000-0000-4000-a000-000000000001'),
	('a0000000-0000-4000-a000-000000000003', '70000000-0000-4000-a000-000000000002');


--
-- Data for Name: agents; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.agents VALUES
	('a0000000-0000-4000-a000-000000000007', '11111111-1111-4111-8111-111111111111', 'Gelöscht', NULL, '🗑️', NULL, 'active', 'a0000000-0000-4000-a000-000000000007', 'agent', 'global', NULL, 'gone', NULL, NULL, NULL, NULL, '2026-11-22 19:08:53.157416+00', '2026-11-22 19:08:53.157416+00', '2026-02-10 00:00:00+00'),
	('a0000000-0000-4000-a000-000000000006', '22222222-2222-4222-8222-222222222222', 'Entwurf', NULL, '📝', NULL, 'draft', NULL, 'agent', 'global', NULL, 'draft', NULL, NULL, NULL, NULL, '2026-11-22 19:08:53.157416+00', '2026-11-22 19:08:53.157416+00', NULL),
	('a0000000-0000-4000-a000-000000000001', '11111111-1111-4111-8111-111111111111', 'Dokumenten-Assistent', NULL, '📄', NULL, 'active', 'a0000000-0000-4000-a000-000000000001', 'agent', 'global', 'e0000000-0000-4000-a000-000000000001', 'Du bist ein Dokumenten-Assistent.', NULL, NULL, NULL, NULL, '2026-11-22 19:08:53.157416+00', '2026-11-22 19:08:53.157416+00', NULL),
	('a0000000-0000-4000-a000-000000000005', '11111111-1111-4111-8111-111111111111', 'Persönlicher Assistent', NULL, '🤖', NULL, 'active', 'a0000000-0000-4000-a000-000000000005', 'agent', 'global', 'e0000000-0000-4000-a000-000000000001', '', NULL, NULL, NULL, NULL, '2026-11-22 19:08:53.157416+00', '2026-11-22 19:08:53.157416+00', NULL),
	('a0000000-0000-4000-a000-000000000002', '11111111-1111-4111-8111-111111111111', 'Rechts-Assistent', NULL, '⚖️', NULL, 'active', 'a0000000-0000-4000-a000-000000000002', 'agent', 'global', 'e0000000-0000-4000-a000-000000000001', 'Du bist ein Rechts-Assistent.', 0.3, 2000, NULL, NULL, '2026-11-22 19:08:53.157416+00', '2026-11-22 19:08:53.157416+00', NULL),
	('a0000000-0000-4000-a000-000000000004', '22222222-2222-4222-8222-222222222222', 'Recherche', NULL, '🔎', NULL, 'active', 'a0000000-0000-4000-a000-000000000004', 'research_agent', 'global', NULL, NULL, NULL, NULL, NULL, NULL, '2026-11-22 19:08:53.157416+00', '2026-11-22 19:08:53.157416+00', NULL),
	('a0000000-0000-4000-a000-000000000003', '22222222-2222-4222-8222-222222222222', 'Wartungsbericht-Analyst', NULL, '🔧', NULL, 'active', 'a0000000-0000-4000-a000-000000000003', 'agent', 'global', 'e0000000-0000-4000-a000-000000000002', 'Du analysierst Wartungsberichte.', 0.3, NULL, NULL, NULL, '2026-11-22 19:08:53.157416+00', '2026-11-22 19:08:53.157416+00', NULL);


--
-- Data for Name: ai_models; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.ai_models VALUES
	('40000000-0000-4000-a000-000000000001', 'openai-gpt-4o-mini', 'openai:gpt-4o-mini'),
	('40000000-0000-4000-a000-000000000002', 'openai-gpt-4o', 'openai:gpt-4o'),
	('40000000-0000-4000-a000-000000000003', 'bge-m3', NULL);


--
-- Data for Name: chat_sessions; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.chat_sessions VALUES
	('860f5ade-2c4b-4576-b946-532bfbefb3f2', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-0-0', '2026-11-16 09:00:00+00'),
	('2fee363f-12a6-4b75-8d9b-10b43e929045', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-0-1', '2026-11-16 09:01:00+00'),
	('6fead904-04e3-47d9-b19e-1553101ba976', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-0-2', '2026-11-16 09:02:00+00'),
	('a26584e6-e551-41c0-b427-a5ab13ce2530', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-0-3', '2026-11-16 09:03:00+00'),
	('790a7449-fb67-40b9-823c-5a38d9d34655', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-0-4', '2026-11-16 09:04:00+00'),
	('16378b23-f869-42ef-91af-75da4125747b', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-0-5', '2026-11-16 09:05:00+00'),
	('ee4ee88c-faa5-4578-8a75-e5f4c3af38a2', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-0-6', '2026-11-16 09:06:00+00'),
	('d01e285e-cb30-4a1a-8b47-d7a909b40d0c', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-0-7', '2026-11-16 09:07:00+00'),
	('7af76591-b7ce-4a35-965a-144d3dce8edc', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-0-8', '2026-11-16 09:08:00+00'),
	('054ed7cc-0411-400e-8af9-c37ffe33c3ab', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-0-9', '2026-11-16 09:09:00+00'),
	('c34c29fc-e7f2-4081-8758-b4b0a27da02f', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-0-10', '2026-11-16 09:10:00+00'),
	('3e20208c-a7d4-4e2f-9f2f-b770c38c8d2d', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-0-11', '2026-11-16 09:11:00+00'),
	('d3237bd8-ff89-422c-bafb-bcc6a62cd400', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-0-12', '2026-11-16 09:12:00+00'),
	('0eae7153-05e0-4875-afa6-a3a47ed928c4', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-0-13', '2026-11-16 09:13:00+00'),
	('a5a2a3e7-b0c8-459a-9d6b-3ae2a492a3a6', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-0-14', '2026-11-16 09:14:00+00'),
	('8e10b8f7-75e6-4b13-83ac-2dc12260feef', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-0-15', '2026-11-16 09:15:00+00'),
	('f4187885-2423-4311-a87c-5e3d1bc3bbfa', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-0-16', '2026-11-16 09:16:00+00'),
	('2d874729-7fdb-421c-bdc2-a2f5bf3ec9d6', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-0-17', '2026-11-16 09:17:00+00'),
	('7ba759dd-ae6d-4fa0-9180-a138111e234d', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-0-18', '2026-11-16 09:18:00+00'),
	('8618ec28-659d-4456-bf7c-a3db38fd9741', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-0-19', '2026-11-16 09:19:00+00'),
	('406b93b8-6f08-4c83-ba76-4c4cd0e77e04', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-1-0', '2026-11-17 09:00:00+00'),
	('a559f15e-623d-42a7-b9eb-10ab319b596e', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-1-1', '2026-11-17 09:01:00+00'),
	('68dfbf89-9806-4dd4-b5ac-78662f336609', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-1-2', '2026-11-17 09:02:00+00'),
	('08d7aa9c-3b78-4ee7-b25c-69efcefb745b', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-1-3', '2026-11-17 09:03:00+00'),
	('5b0f30a0-1ae7-4f0a-8af0-746a4657c062', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-1-4', '2026-11-17 09:04:00+00'),
	('fd3066ab-3393-4358-92f1-de71cf088d6f', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-1-5', '2026-11-17 09:05:00+00'),
	('2b9ef058-6b91-4ac3-97c2-424bb77f050c', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-1-6', '2026-11-17 09:06:00+00'),
	('4b6e9190-a915-4800-9abc-f41508b8f3d8', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-1-7', '2026-11-17 09:07:00+00'),
	('d9539758-fca5-48b1-b77f-42ffaf54358b', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-1-8', '2026-11-17 09:08:00+00'),
	('144181a3-805a-4e21-b088-76a504846689', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-1-9', '2026-11-17 09:09:00+00'),
	('9baebe01-606d-4fae-880d-53d9cad7a724', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-1-10', '2026-11-17 09:10:00+00'),
	('d22196fd-b122-4460-b6c7-1c65b7c8d1c9', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-1-11', '2026-11-17 09:11:00+00'),
	('b498d3f1-b913-4833-a7dd-ba9446d6b77c', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-1-12', '2026-11-17 09:12:00+00'),
	('df37ef02-882d-4161-95f6-a55d3d644eaa', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-1-13', '2026-11-17 09:13:00+00'),
	('417f3e5b-056a-4177-b60a-564f43a23b20', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-1-14', '2026-11-17 09:14:00+00'),
	('40c7d5ad-95e3-45fd-889d-cb58fb6f43be', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-1-15', '2026-11-17 09:15:00+00'),
	('7592f785-0b21-48d1-879d-f11d609e8848', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-1-16', '2026-11-17 09:16:00+00'),
	('a060b272-56bd-4ffc-b20f-308b102882c0', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-1-17', '2026-11-17 09:17:00+00'),
	('f9ff94f1-b1ad-47c2-a5e7-56dbec9c0344', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-1-18', '2026-11-17 09:18:00+00'),
	('def3d5eb-9e76-40ec-b11b-c1dacdee7a05', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-1-19', '2026-11-17 09:19:00+00'),
	('b6011399-0b1f-4db8-a09d-fafc4de0c5b2', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-2-0', '2026-11-18 09:00:00+00'),
	('c417f13a-e7e5-48ad-b16c-ac676d69dbb0', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-2-1', '2026-11-18 09:01:00+00'),
	('f9f82963-8aeb-4279-b920-96fcf40e2cb4', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-2-2', '2026-11-18 09:02:00+00'),
	('8b650e7c-7d86-4863-9239-f8333ed5d78c', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-2-3', '2026-11-18 09:03:00+00'),
	('c8a6af4a-6052-453d-b455-2e77d002f0a2', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-2-4', '2026-11-18 09:04:00+00'),
	('3fe4e213-8f3b-4921-a128-95c471cfc634', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-2-5', '2026-11-18 09:05:00+00'),
	('0c6ff9cd-be60-4c21-ba95-77d06b86ff5b', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-2-6', '2026-11-18 09:06:00+00'),
	('03bb6264-c70d-4e29-a7cf-4983e3a6b5b9', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-2-7', '2026-11-18 09:07:00+00'),
	('cbf80519-4343-4853-a29a-ab4e284c1bdc', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-2-8', '2026-11-18 09:08:00+00'),
	('5daa7d9a-fc38-4dec-86a4-2528bb168d42', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-2-9', '2026-11-18 09:09:00+00'),
	('13cfb73d-e7e0-4e4e-b236-313817ef8ff7', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-2-10', '2026-11-18 09:10:00+00'),
	('ca20caac-3d06-48a2-85c2-2b3723d416ae', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-2-11', '2026-11-18 09:11:00+00'),
	('796a442b-67e6-4cd5-9be9-40e8968a31cc', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-2-12', '2026-11-18 09:12:00+00'),
	('6a89b914-7552-4f5a-85d5-856f2b3d2e57', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-2-13', '2026-11-18 09:13:00+00'),
	('dc261934-9963-43e6-ac51-8e00f4579dac', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-2-14', '2026-11-18 09:14:00+00'),
	('0583be14-59c2-44cd-ab9a-f7178a3f78db', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-2-15', '2026-11-18 09:15:00+00'),
	('423cce1b-5e00-481a-bfd2-3f0f58a895fa', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-2-16', '2026-11-18 09:16:00+00'),
	('ede0c3bd-47e9-41c5-8668-30e5780cc37b', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-2-17', '2026-11-18 09:17:00+00'),
	('e55a542b-1313-464c-b2ba-c4ff6c2b8702', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-2-18', '2026-11-18 09:18:00+00'),
	('6bae6809-95ba-46cd-ad35-c7c86ae9d4c3', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-2-19', '2026-11-18 09:19:00+00'),
	('8140dc1f-8f89-458d-a660-fe4d8cb303fb', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-3-0', '2026-11-19 09:00:00+00'),
	('83ec9a53-2da4-491c-8d3c-caf9e515d9a3', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-3-1', '2026-11-19 09:01:00+00'),
	('c9ebd8d7-2e50-4c8e-b141-e27784401598', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-3-2', '2026-11-19 09:02:00+00'),
	('2b4198b5-af48-4502-822f-e449e8317a82', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-3-3', '2026-11-19 09:03:00+00'),
	('245fde91-003e-4fce-bda4-4540422f9906', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-3-4', '2026-11-19 09:04:00+00'),
	('4b0cc9dd-0bac-4662-a76d-b7fe47370827', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-3-5', '2026-11-19 09:05:00+00'),
	('77176020-bfe1-4f06-ac4b-548bb7c3f990', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-3-6', '2026-11-19 09:06:00+00'),
	('d6cf928d-f98f-49b5-8416-41e89dfc6dc1', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-3-7', '2026-11-19 09:07:00+00'),
	('63747fc6-1e6c-4d34-ba05-4b87da7823bb', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-3-8', '2026-11-19 09:08:00+00'),
	('af6c0c7c-a7ff-4678-8306-da08b1be05b4', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-3-9', '2026-11-19 09:09:00+00'),
	('f4ad23b9-6c0a-4007-b3f4-3ad8c58a995c', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-3-10', '2026-11-19 09:10:00+00'),
	('6c2841d6-512c-4707-8511-21e2e1aee963', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-3-11', '2026-11-19 09:11:00+00'),
	('74c65662-f62c-4cea-b5ab-1f268a77f51e', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-3-12', '2026-11-19 09:12:00+00'),
	('7141b402-4183-495f-b4d4-76787f7e8479', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-3-13', '2026-11-19 09:13:00+00'),
	('7539db5b-8cd1-4cd8-9f3d-335d5cdb3d17', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-3-14', '2026-11-19 09:14:00+00'),
	('5c1bb730-f1ef-42dc-b52e-cc9a6f817c45', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-3-15', '2026-11-19 09:15:00+00'),
	('9a80ce6e-ac98-4af3-ab98-940a75335a5d', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-3-16', '2026-11-19 09:16:00+00'),
	('2a23c890-45ab-4449-ad95-cae7d2d389f1', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-3-17', '2026-11-19 09:17:00+00'),
	('631f7696-608e-4449-8fa4-8718b823bed8', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-3-18', '2026-11-19 09:18:00+00'),
	('a1183531-d73b-486c-88de-ca91a34d95f2', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-3-19', '2026-11-19 09:19:00+00'),
	('b204717f-44d0-4351-ae5f-373e043c6e33', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-4-0', '2026-11-20 09:00:00+00'),
	('c53032a3-f6cd-4cc7-9998-a28bdca22e9b', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-4-1', '2026-11-20 09:01:00+00'),
	('72a8b7b7-60b3-4228-add7-eff02f95587b', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-4-2', '2026-11-20 09:02:00+00'),
	('5791c08c-74d1-4916-bada-e75a4647ef33', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-4-3', '2026-11-20 09:03:00+00'),
	('4150e759-3d21-423d-9cc2-d584e3956466', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-4-4', '2026-11-20 09:04:00+00'),
	('512013a9-ff21-4266-ac9c-f72ee56f3890', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-4-5', '2026-11-20 09:05:00+00'),
	('e967acb2-84c6-42d3-a247-035e8987e8ce', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-4-6', '2026-11-20 09:06:00+00'),
	('29e3fcd1-fc88-44e9-b759-98ef55663e18', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-4-7', '2026-11-20 09:07:00+00'),
	('6a284a39-e836-4e94-94ec-7f556a7025a7', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-4-8', '2026-11-20 09:08:00+00'),
	('20654ee5-35f9-4038-8f50-ed1b5c826119', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-4-9', '2026-11-20 09:09:00+00'),
	('58a7a798-2265-455a-a6c5-c25b0d50492d', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-4-10', '2026-11-20 09:10:00+00'),
	('d2d616bb-7425-42f2-92fc-334143d045bc', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-4-11', '2026-11-20 09:11:00+00'),
	('168f18b7-5aa8-43bf-bac1-ff727125674c', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-4-12', '2026-11-20 09:12:00+00'),
	('e62c9435-22a4-4722-8bc1-658331fa81dc', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-4-13', '2026-11-20 09:13:00+00'),
	('433dcc9e-a106-41fc-887c-1cb700ebdaf3', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-4-14', '2026-11-20 09:14:00+00'),
	('2f80a1c8-fd73-4d1d-b729-27cc74ecc1ee', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-4-15', '2026-11-20 09:15:00+00'),
	('98049594-4e9e-4218-adcc-951a24925e10', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-4-16', '2026-11-20 09:16:00+00'),
	('3f1ec7ec-7fcb-4b56-b3f7-966715333125', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-4-17', '2026-11-20 09:17:00+00'),
	('5d1da443-cbc8-422f-9938-a05930d103ef', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-4-18', '2026-11-20 09:18:00+00'),
	('02f3e9d9-e246-4f19-aa7f-c5b4596880ad', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-4-19', '2026-11-20 09:19:00+00');
INSERT INTO public.chat_sessions VALUES
	('1a818e9f-f01e-4876-8930-4126319c03db', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-5-0', '2026-11-21 09:00:00+00'),
	('a4217c24-086d-4bf4-93c2-63ed074f0e4a', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-1', '2026-11-21 09:01:00+00'),
	('e36eeeac-5871-4d33-994f-53322c7b1214', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-5-2', '2026-11-21 09:02:00+00'),
	('3e1670a3-2513-425d-8750-3f03cd1e1fe8', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-3', '2026-11-21 09:03:00+00'),
	('af8b1720-eaa3-4626-b335-91bc8b2ba1e3', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-5-4', '2026-11-21 09:04:00+00'),
	('660ee829-c14f-4898-ae67-5bbb77925daf', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-5', '2026-11-21 09:05:00+00'),
	('6efe65e4-c7af-4ef6-af0b-41194c725d7c', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-5-6', '2026-11-21 09:06:00+00'),
	('14f7b567-eb15-4142-a6ba-e525b7fba785', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-5-7', '2026-11-21 09:07:00+00'),
	('3989d994-58c0-41f3-9afa-c76a65452bff', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-5-8', '2026-11-21 09:08:00+00'),
	('3ebd6f45-5932-40e1-8ec2-81bda5fc2659', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-9', '2026-11-21 09:09:00+00'),
	('a7765327-1df3-4a00-b176-dcdf65b59fd1', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-5-10', '2026-11-21 09:10:00+00'),
	('f6399e39-efa8-42c8-bdc6-61c3b666c1bf', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-5-11', '2026-11-21 09:11:00+00'),
	('3c7e8fad-b30e-420e-abf0-f4553d1a0887', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-5-12', '2026-11-21 09:12:00+00'),
	('2a9b8835-e9b4-405b-99bd-6bcc3525b7a5', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-13', '2026-11-21 09:13:00+00'),
	('9d27af21-8d86-4123-9c00-9ca172ae719e', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-5-14', '2026-11-21 09:14:00+00'),
	('7fd18188-7b6e-4769-845a-b95cc0295549', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-15', '2026-11-21 09:15:00+00'),
	('58dc3d43-c47a-4907-9eeb-7ba6d7a0ece1', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-5-16', '2026-11-21 09:16:00+00'),
	('1130b751-425c-46ec-9b4e-fad57e3c7958', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-17', '2026-11-21 09:17:00+00'),
	('32d55db2-dae0-47ee-90ee-0a5375ea4b76', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-5-18', '2026-11-21 09:18:00+00'),
	('39216a5d-94e1-49dd-8657-1077ae19aa5b', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-5-19', '2026-11-21 09:19:00+00'),
	('a3161382-e7bd-473d-aa70-93c5ab5c3709', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-6-0', '2026-11-22 09:00:00+00'),
	('4a9f618f-d2b2-4cf4-a1a0-ed96caa731c7', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-6-1', '2026-11-22 09:01:00+00'),
	('9ecf4cf2-20b3-4b33-aedf-eeffab8217c7', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-6-2', '2026-11-22 09:02:00+00'),
	('8e6eb92d-b73d-4d09-b9ff-9074ec4c3c63', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-6-3', '2026-11-22 09:03:00+00'),
	('789ce94c-5bcc-4b6c-9274-4b10cdd4dffc', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-6-4', '2026-11-22 09:04:00+00'),
	('12b588a6-7920-4145-ac34-1e39647d5374', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-6-5', '2026-11-22 09:05:00+00'),
	('0c91aab1-795a-4f52-895e-77c5c5746e2f', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-6-6', '2026-11-22 09:06:00+00'),
	('a581b44d-9be3-4173-8752-442264f51822', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-6-7', '2026-11-22 09:07:00+00'),
	('23b733e7-a336-43d2-b32a-a6edc3d3873f', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-6-8', '2026-11-22 09:08:00+00'),
	('a7d572ff-82b7-40b8-8c6f-5e97b0b1dc8f', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-6-9', '2026-11-22 09:09:00+00'),
	('b09d1a18-c19c-4fd3-a21e-3cc2693a3d48', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-6-10', '2026-11-22 09:10:00+00'),
	('db756ed4-c676-4a8b-b60a-306b46446759', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000003', 'thread-6-11', '2026-11-22 09:11:00+00'),
	('0f3a8340-8dec-40be-853b-d022734a4bef', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000001', 'thread-6-12', '2026-11-22 09:12:00+00'),
	('a3e5d7ee-7530-45cf-9123-01080cc0ca8e', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-6-13', '2026-11-22 09:13:00+00'),
	('0a466510-6273-4a55-9533-de3a39147d45', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-6-14', '2026-11-22 09:14:00+00'),
	('d3247166-6200-4590-8eeb-8dcb9152fec0', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-6-15', '2026-11-22 09:15:00+00'),
	('367b907e-2b3f-4966-b14d-16dfe3e023e5', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000005', 'thread-6-16', '2026-11-22 09:16:00+00'),
	('1325d140-f98b-4d37-b2bb-cf9c8eee2a57', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-6-17', '2026-11-22 09:17:00+00'),
	('8f5a5cab-a6d4-4aaf-b1a5-d88793017093', '11111111-1111-4111-8111-111111111111', 'a0000000-0000-4000-a000-000000000002', 'thread-6-18', '2026-11-22 09:18:00+00'),
	('79a0b605-1c34-4858-8a9d-b881d402bab5', '22222222-2222-4222-8222-222222222222', 'a0000000-0000-4000-a000-000000000004', 'thread-6-19', '2026-11-22 09:19:00+00');


--
-- Data for Name: checkpoint_blobs; Type: TABLE DATA; Schema: public; Owner: postgres
--



--
-- Data for Name: checkpoint_migrations; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.checkpoint_migrations VALUES
	(0),
	(1),
	(2),
	(3),
	(4),
	(5),
	(6),
	(7),
	(8),
	(9);


--
-- Data for Name: checkpoint_writes; Type: TABLE DATA; Schema: public; Owner: postgres
--



--
-- Data for Name: checkpoints; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.checkpoints VALUES
	('thread-0-0', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}'),
	('thread-0-1', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}'),
	('thread-0-2', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "1e109e1116254a2090247690976e6865"}'),
	('thread-0-3', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}'),
	('thread-0-4', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}'),
	('thread-0-5', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}'),
	('thread-0-6', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}'),
	('thread-0-7', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}'),
	('thread-0-8', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}'),
	('thread-0-9', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}'),
	('thread-0-10', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}'),
	('thread-0-11', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}'),
	('thread-0-12', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}'),
	('thread-0-13', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}'),
	('thread-0-14', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}'),
	('thread-0-15', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c81e49c6a1ab419cb1bec94384cfaacd"}'),
	('thread-0-16', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}'),
	('thread-0-17', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}'),
	('thread-0-18', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}'),
	('thread-0-19', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}'),
	('thread-1-0', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}'),
	('thread-1-1', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6acbae4c68db49309eb1400bf6073bc2"}'),
	('thread-1-2', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "1e109e1116254a2090247690976e6865"}'),
	('thread-1-3', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}'),
	('thread-1-4', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}'),
	('thread-1-5', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}'),
	('thread-1-6', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}'),
	('thread-1-7', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}'),
	('thread-1-8', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}'),
	('thread-1-9', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}'),
	('thread-1-10', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "595be84e652548ef9fd268aea30556e5"}'),
	('thread-1-11', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d130d004fcce4d0a8afcf3ab74ce6f23"}'),
	('thread-1-12', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}'),
	('thread-1-13', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}'),
	('thread-1-14', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}'),
	('thread-1-15', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}'),
	('thread-1-16', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}'),
	('thread-1-17', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "87b92559054b4f76bcaf02e62f69d9d8"}'),
	('thread-1-18', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}'),
	('thread-1-19', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}'),
	('thread-2-0', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}'),
	('thread-2-1', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6acbae4c68db49309eb1400bf6073bc2"}'),
	('thread-2-2', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "1e109e1116254a2090247690976e6865"}'),
	('thread-2-3', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}'),
	('thread-2-4', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}'),
	('thread-2-5', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}'),
	('thread-2-6', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}'),
	('thread-2-7', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}'),
	('thread-2-8', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}'),
	('thread-2-9', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}'),
	('thread-2-10', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "595be84e652548ef9fd268aea30556e5"}'),
	('thread-2-11', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}'),
	('thread-2-12', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}'),
	('thread-2-13', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}'),
	('thread-2-14', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}'),
	('thread-2-15', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}'),
	('thread-2-16', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}'),
	('thread-2-17', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}'),
	('thread-2-18', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}'),
	('thread-2-19', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}'),
	('thread-3-0', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}'),
	('thread-3-1', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}'),
	('thread-3-2', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "1e109e1116254a2090247690976e6865"}'),
	('thread-3-3', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f13fa623f36f4b39bdbea96c8e75cfa7"}'),
	('thread-3-4', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}'),
	('thread-3-5', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "821dcf17e31144b2a603a82beaf84fbd"}'),
	('thread-3-6', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}'),
	('thread-3-7', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6191936573fa4925a83511894ae950fb"}'),
	('thread-3-8', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}'),
	('thread-3-9', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}'),
	('thread-3-10', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "595be84e652548ef9fd268aea30556e5"}'),
	('thread-3-11', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}'),
	('thread-3-12', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}'),
	('thread-3-13', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c6b525bf49de4229be136eaa76cda534"}'),
	('thread-3-14', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}'),
	('thread-3-15', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c81e49c6a1ab419cb1bec94384cfaacd"}'),
	('thread-3-16', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "cc28ceb94b0742baac960878337e5234"}'),
	('thread-3-17', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}'),
	('thread-3-18', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}'),
	('thread-3-19', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}'),
	('thread-4-0', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}'),
	('thread-4-1', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}'),
	('thread-4-2', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "1e109e1116254a2090247690976e6865"}'),
	('thread-4-3', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}'),
	('thread-4-4', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}'),
	('thread-4-5', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "821dcf17e31144b2a603a82beaf84fbd"}'),
	('thread-4-6', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}'),
	('thread-4-7', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "a767ea5b1c00408d8bf8e7f35fd605f9"}'),
	('thread-4-8', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}'),
	('thread-4-9', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "99f289221d2f4d0e8e1d5471969c2e2e"}'),
	('thread-4-10', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}'),
	('thread-4-11', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}'),
	('thread-4-12', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}'),
	('thread-4-13', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}'),
	('thread-4-14', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}'),
	('thread-4-15', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}'),
	('thread-4-16', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "cc28ceb94b0742baac960878337e5234"}'),
	('thread-4-17', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}'),
	('thread-4-18', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}'),
	('thread-4-19', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}');
INSERT INTO public.checkpoints VALUES
	('thread-5-0', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}'),
	('thread-5-1', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "6acbae4c68db49309eb1400bf6073bc2"}'),
	('thread-5-2', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "1e109e1116254a2090247690976e6865"}'),
	('thread-5-3', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "2e874a0fc21e4e45b1ea4fb18e60b832"}'),
	('thread-5-4', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}'),
	('thread-5-5', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}'),
	('thread-5-6', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}'),
	('thread-5-7', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "a767ea5b1c00408d8bf8e7f35fd605f9"}'),
	('thread-5-8', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}'),
	('thread-5-9', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}'),
	('thread-5-10', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}'),
	('thread-5-11', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d130d004fcce4d0a8afcf3ab74ce6f23"}'),
	('thread-5-12', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}'),
	('thread-5-13', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "21a74143bb6744079c3c7d313baa547d"}'),
	('thread-5-14', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}'),
	('thread-5-15', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c81e49c6a1ab419cb1bec94384cfaacd"}'),
	('thread-5-16', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}'),
	('thread-5-17', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "87b92559054b4f76bcaf02e62f69d9d8"}'),
	('thread-5-18', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}'),
	('thread-5-19', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "d9792da69f0541b9ae1093f0ae62f494"}'),
	('thread-6-0', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000000", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "8bcd4b1bf88b4b60ab8e6eb55983e83b"}'),
	('thread-6-1', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000001", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c0695b31c2ac491aabe411d69f03afe2"}'),
	('thread-6-2', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000002", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "1e109e1116254a2090247690976e6865"}'),
	('thread-6-3', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000003", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f13fa623f36f4b39bdbea96c8e75cfa7"}'),
	('thread-6-4', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000004", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "6255a44d61e84a4bbe66aa9c8a99e714"}'),
	('thread-6-5', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000005", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "f6bc8232f88c45c392299c32571d1ec6"}'),
	('thread-6-6', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000006", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "5f2f99db7f804e8b9a519007fa83568e"}'),
	('thread-6-7', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000007", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "a767ea5b1c00408d8bf8e7f35fd605f9"}'),
	('thread-6-8', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000008", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "517e984cec164f08815c7ceab18fb7b6"}'),
	('thread-6-9', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000009", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "11d51feb3c0843448dda63a60259bc39"}'),
	('thread-6-10', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000a", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "595be84e652548ef9fd268aea30556e5"}'),
	('thread-6-11', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000b", "agent_id": "a0000000-0000-4000-a000-000000000003", "assistant_id": "c92ad6566adc4aa4bb2173de1df70252"}'),
	('thread-6-12', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000c", "agent_id": "a0000000-0000-4000-a000-000000000001", "assistant_id": "479fbdf2a98042bd84a2ea97feb0405f"}'),
	('thread-6-13', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000d", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "c6b525bf49de4229be136eaa76cda534"}'),
	('thread-6-14', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000e", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "eb678d3b7e194f39b2cdaef4e6e6f5f7"}'),
	('thread-6-15', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-00000000000f", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "d1819ff82e1c4815a34c0c6757b1aa85"}'),
	('thread-6-16', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000010", "agent_id": "a0000000-0000-4000-a000-000000000005", "assistant_id": "cc28ceb94b0742baac960878337e5234"}'),
	('thread-6-17', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000011", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "50e6cc42ffd54b059a5bfd5866892743"}'),
	('thread-6-18', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000012", "agent_id": "a0000000-0000-4000-a000-000000000002", "assistant_id": "01012b4cfc434ad5b33a6083849d8a7c"}'),
	('thread-6-19', '', '1', NULL, NULL, '{}', '{"owner": "c0de0000-0000-0000-0000-000000000013", "agent_id": "a0000000-0000-4000-a000-000000000004", "assistant_id": "f3c7ce0be0524b5a92adfe56c0ae86fd"}');


--
-- Data for Name: global_ai_engines; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.global_ai_engines VALUES
	('e0000000-0000-4000-a000-000000000001', 'standard', '40000000-0000-4000-a000-000000000001'),
	('e0000000-0000-4000-a000-000000000002', 'no-language-model', NULL);


--
-- Data for Name: mcp_tools; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.mcp_tools VALUES
	('70000000-0000-4000-a000-000000000001', 'document-mcp', 'Dokumente', NULL, 'http://127.0.0.1:55480/document', true, true, 1, '{}', NULL),
	('70000000-0000-4000-a000-000000000002', 'supabase-mcp', 'Supabase', NULL, 'http://127.0.0.1:55480/supabase/mcp', true, true, 2, '{}', NULL),
	('70000000-0000-4000-a000-000000000003', 'legal-mcp', 'Recht', NULL, 'http://127.0.0.1:55480/legal', false, false, 3, '{}', NULL);


--
-- Data for Name: organization_members; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.organization_members VALUES
	('11111111-1111-4111-8111-111111111111', 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', 'owner'),
	('11111111-1111-4111-8111-111111111111', 'b1b2c3d4-e5f6-7890-abcd-ef1234567890', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c1b2c3d4-e5f6-7890-abcd-ef1234567890', 'owner'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-000000000000', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-000000000001', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-000000000002', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-000000000003', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-000000000004', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-000000000005', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-000000000006', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-000000000007', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-000000000008', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-000000000009', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-00000000000a', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-00000000000b', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-00000000000c', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-00000000000d', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-00000000000e', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-00000000000f', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-000000000010', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-000000000011', 'member'),
	('11111111-1111-4111-8111-111111111111', 'c0de0000-0000-0000-0000-000000000012', 'member'),
	('22222222-2222-4222-8222-222222222222', 'c0de0000-0000-0000-0000-000000000013', 'member');


--
-- Data for Name: organizations; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.organizations VALUES
	('11111111-1111-4111-8111-111111111111', 'ImmoFlow', 'immoflow'),
	('22222222-2222-4222-8222-222222222222', 'DocProc GmbH', 'docproc');


--
-- Data for Name: store; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.store VALUES
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000000.8bcd4b1bf88b4b60ab8e6eb55983e83b.facts', 'memory-0-0', '{}', '2026-11-23 02:50:30.59019+00', '2026-11-23 02:50:30.59019+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts', 'memory-0-4', '{}', '2026-11-23 02:50:30.594413+00', '2026-11-23 02:50:30.594413+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000006.5f2f99db7f804e8b9a519007fa83568e.facts', 'memory-0-6', '{}', '2026-11-23 02:50:30.59712+00', '2026-11-23 02:50:30.59712+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000007.6191936573fa4925a83511894ae950fb.facts', 'memory-0-7', '{}', '2026-11-23 02:50:30.59818+00', '2026-11-23 02:50:30.59818+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000a.595be84e652548ef9fd268aea30556e5.facts', 'memory-0-10', '{}', '2026-11-23 02:50:30.601167+00', '2026-11-23 02:50:30.601167+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000b.c92ad6566adc4aa4bb2173de1df70252.facts', 'memory-0-11', '{}', '2026-11-23 02:50:30.602577+00', '2026-11-23 02:50:30.602577+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000c.479fbdf2a98042bd84a2ea97feb0405f.facts', 'memory-0-12', '{}', '2026-11-23 02:50:30.604041+00', '2026-11-23 02:50:30.604041+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000013.d9792da69f0541b9ae1093f0ae62f494.facts', 'memory-0-19', '{}', '2026-11-23 02:50:30.611267+00', '2026-11-23 02:50:30.611267+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000002.1e109e1116254a2090247690976e6865.facts', 'memory-1-2', '{}', '2026-11-23 02:50:30.614345+00', '2026-11-23 02:50:30.614345+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts', 'memory-1-4', '{}', '2026-11-23 02:50:30.616956+00', '2026-11-23 02:50:30.616956+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000005.f6bc8232f88c45c392299c32571d1ec6.facts', 'memory-1-5', '{}', '2026-11-23 02:50:30.61848+00', '2026-11-23 02:50:30.61848+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000006.5f2f99db7f804e8b9a519007fa83568e.facts', 'memory-1-6', '{}', '2026-11-23 02:50:30.620232+00', '2026-11-23 02:50:30.620232+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000009.11d51feb3c0843448dda63a60259bc39.facts', 'memory-1-9', '{}', '2026-11-23 02:50:30.626025+00', '2026-11-23 02:50:30.626025+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000c.479fbdf2a98042bd84a2ea97feb0405f.facts', 'memory-1-12', '{}', '2026-11-23 02:50:30.629753+00', '2026-11-23 02:50:30.629753+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000d.21a74143bb6744079c3c7d313baa547d.facts', 'memory-1-13', '{}', '2026-11-23 02:50:30.632395+00', '2026-11-23 02:50:30.632395+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000010.cc28ceb94b0742baac960878337e5234.facts', 'memory-1-16', '{}', '2026-11-23 02:50:30.636201+00', '2026-11-23 02:50:30.636201+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000011.87b92559054b4f76bcaf02e62f69d9d8.facts', 'memory-1-17', '{}', '2026-11-23 02:50:30.638256+00', '2026-11-23 02:50:30.638256+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000012.01012b4cfc434ad5b33a6083849d8a7c.facts', 'memory-1-18', '{}', '2026-11-23 02:50:30.640195+00', '2026-11-23 02:50:30.640195+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000002.1e109e1116254a2090247690976e6865.facts', 'memory-2-2', '{}', '2026-11-23 02:50:30.652581+00', '2026-11-23 02:50:30.652581+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts', 'memory-2-4', '{}', '2026-11-23 02:50:30.660086+00', '2026-11-23 02:50:30.660086+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000005.f6bc8232f88c45c392299c32571d1ec6.facts', 'memory-2-5', '{}', '2026-11-23 02:50:30.660954+00', '2026-11-23 02:50:30.660954+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000a.595be84e652548ef9fd268aea30556e5.facts', 'memory-2-10', '{}', '2026-11-23 02:50:30.666865+00', '2026-11-23 02:50:30.666865+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000d.21a74143bb6744079c3c7d313baa547d.facts', 'memory-2-13', '{}', '2026-11-23 02:50:30.670038+00', '2026-11-23 02:50:30.670038+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000f.d1819ff82e1c4815a34c0c6757b1aa85.facts', 'memory-2-15', '{}', '2026-11-23 02:50:30.674591+00', '2026-11-23 02:50:30.674591+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000012.01012b4cfc434ad5b33a6083849d8a7c.facts', 'memory-2-18', '{}', '2026-11-23 02:50:30.678025+00', '2026-11-23 02:50:30.678025+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000013.f3c7ce0be0524b5a92adfe56c0ae86fd.facts', 'memory-2-19', '{}', '2026-11-23 02:50:30.67907+00', '2026-11-23 02:50:30.67907+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000000.8bcd4b1bf88b4b60ab8e6eb55983e83b.facts', 'memory-3-0', '{}', '2026-11-23 02:50:30.682069+00', '2026-11-23 02:50:30.682069+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000001.c0695b31c2ac491aabe411d69f03afe2.facts', 'memory-3-1', '{}', '2026-11-23 02:50:30.683383+00', '2026-11-23 02:50:30.683383+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000002.1e109e1116254a2090247690976e6865.facts', 'memory-3-2', '{}', '2026-11-23 02:50:30.684749+00', '2026-11-23 02:50:30.684749+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000003.f13fa623f36f4b39bdbea96c8e75cfa7.facts', 'memory-3-3', '{}', '2026-11-23 02:50:30.687292+00', '2026-11-23 02:50:30.687292+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts', 'memory-3-4', '{}', '2026-11-23 02:50:30.68814+00', '2026-11-23 02:50:30.68814+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000005.821dcf17e31144b2a603a82beaf84fbd.facts', 'memory-3-5', '{}', '2026-11-23 02:50:30.690165+00', '2026-11-23 02:50:30.690165+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000006.5f2f99db7f804e8b9a519007fa83568e.facts', 'memory-3-6', '{}', '2026-11-23 02:50:30.691982+00', '2026-11-23 02:50:30.691982+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000007.6191936573fa4925a83511894ae950fb.facts', 'memory-3-7', '{}', '2026-11-23 02:50:30.692752+00', '2026-11-23 02:50:30.692752+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000008.517e984cec164f08815c7ceab18fb7b6.facts', 'memory-3-8', '{}', '2026-11-23 02:50:30.695615+00', '2026-11-23 02:50:30.695615+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000a.595be84e652548ef9fd268aea30556e5.facts', 'memory-3-10', '{}', '2026-11-23 02:50:30.699556+00', '2026-11-23 02:50:30.699556+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000c.479fbdf2a98042bd84a2ea97feb0405f.facts', 'memory-3-12', '{}', '2026-11-23 02:50:30.706663+00', '2026-11-23 02:50:30.706663+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000d.c6b525bf49de4229be136eaa76cda534.facts', 'memory-3-13', '{}', '2026-11-23 02:50:30.707669+00', '2026-11-23 02:50:30.707669+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000e.eb678d3b7e194f39b2cdaef4e6e6f5f7.facts', 'memory-3-14', '{}', '2026-11-23 02:50:30.708441+00', '2026-11-23 02:50:30.708441+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000011.50e6cc42ffd54b059a5bfd5866892743.facts', 'memory-3-17', '{}', '2026-11-23 02:50:30.710359+00', '2026-11-23 02:50:30.710359+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000012.01012b4cfc434ad5b33a6083849d8a7c.facts', 'memory-3-18', '{}', '2026-11-23 02:50:30.714005+00', '2026-11-23 02:50:30.714005+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000000.8bcd4b1bf88b4b60ab8e6eb55983e83b.facts', 'memory-4-0', '{}', '2026-11-23 02:50:30.723096+00', '2026-11-23 02:50:30.723096+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000001.c0695b31c2ac491aabe411d69f03afe2.facts', 'memory-4-1', '{}', '2026-11-23 02:50:30.724973+00', '2026-11-23 02:50:30.724973+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000002.1e109e1116254a2090247690976e6865.facts', 'memory-4-2', '{}', '2026-11-23 02:50:30.725777+00', '2026-11-23 02:50:30.725777+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000003.2e874a0fc21e4e45b1ea4fb18e60b832.facts', 'memory-4-3', '{}', '2026-11-23 02:50:30.72659+00', '2026-11-23 02:50:30.72659+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts', 'memory-4-4', '{}', '2026-11-23 02:50:30.727496+00', '2026-11-23 02:50:30.727496+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000006.5f2f99db7f804e8b9a519007fa83568e.facts', 'memory-4-6', '{}', '2026-11-23 02:50:30.735142+00', '2026-11-23 02:50:30.735142+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000e.eb678d3b7e194f39b2cdaef4e6e6f5f7.facts', 'memory-4-14', '{}', '2026-11-23 02:50:30.74461+00', '2026-11-23 02:50:30.74461+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000010.cc28ceb94b0742baac960878337e5234.facts', 'memory-4-16', '{}', '2026-11-23 02:50:30.745924+00', '2026-11-23 02:50:30.745924+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000013.d9792da69f0541b9ae1093f0ae62f494.facts', 'memory-4-19', '{}', '2026-11-23 02:50:30.750706+00', '2026-11-23 02:50:30.750706+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000000.8bcd4b1bf88b4b60ab8e6eb55983e83b.facts', 'memory-5-0', '{}', '2026-11-23 02:50:30.751532+00', '2026-11-23 02:50:30.751532+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000004.6255a44d61e84a4bbe66aa9c8a99e714.facts', 'memory-5-4', '{}', '2026-11-23 02:50:30.759424+00', '2026-11-23 02:50:30.759424+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000005.f6bc8232f88c45c392299c32571d1ec6.facts', 'memory-5-5', '{}', '2026-11-23 02:50:30.760103+00', '2026-11-23 02:50:30.760103+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000009.11d51feb3c0843448dda63a60259bc39.facts', 'memory-5-9', '{}', '2026-11-23 02:50:30.762509+00', '2026-11-23 02:50:30.762509+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000e.eb678d3b7e194f39b2cdaef4e6e6f5f7.facts', 'memory-5-14', '{}', '2026-11-23 02:50:30.76771+00', '2026-11-23 02:50:30.76771+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000f.c81e49c6a1ab419cb1bec94384cfaacd.facts', 'memory-5-15', '{}', '2026-11-23 02:50:30.770538+00', '2026-11-23 02:50:30.770538+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000011.87b92559054b4f76bcaf02e62f69d9d8.facts', 'memory-5-17', '{}', '2026-11-23 02:50:30.77391+00', '2026-11-23 02:50:30.77391+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000012.01012b4cfc434ad5b33a6083849d8a7c.facts', 'memory-5-18', '{}', '2026-11-23 02:50:30.774724+00', '2026-11-23 02:50:30.774724+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000000.8bcd4b1bf88b4b60ab8e6eb55983e83b.facts', 'memory-6-0', '{}', '2026-11-23 02:50:30.777831+00', '2026-11-23 02:50:30.777831+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000001.c0695b31c2ac491aabe411d69f03afe2.facts', 'memory-6-1', '{}', '2026-11-23 02:50:30.778759+00', '2026-11-23 02:50:30.778759+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-000000000002.1e109e1116254a2090247690976e6865.facts', 'memory-6-2', '{}', '2026-11-23 02:50:30.78159+00', '2026-11-23 02:50:30.78159+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000009.11d51feb3c0843448dda63a60259bc39.facts', 'memory-6-9', '{}', '2026-11-23 02:50:30.790065+00', '2026-11-23 02:50:30.790065+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-00000000000b.c92ad6566adc4aa4bb2173de1df70252.facts', 'memory-6-11', '{}', '2026-11-23 02:50:30.793844+00', '2026-11-23 02:50:30.793844+00', NULL, NULL),
	('11111111-1111-4111-8111-111111111111.c0de0000-0000-0000-0000-00000000000e.eb678d3b7e194f39b2cdaef4e6e6f5f7.facts', 'memory-6-14', '{}', '2026-11-23 02:50:30.795987+00', '2026-11-23 02:50:30.795987+00', NULL, NULL),
	('22222222-2222-4222-8222-222222222222.c0de0000-0000-0000-0000-000000000013.f3c7ce0be0524b5a92adfe56c0ae86fd.facts', 'memory-6-19', '{}', '2026-11-23 02:50:30.804109+00', '2026-11-23 02:50:30.804109+00', NULL, NULL);


--
-- Data for Name: store_migrations; Type: TABLE DATA; Schema: public; Owner: postgres
--

INSERT INTO public.store_migrations VALUES
	(0),
	(1),
	(2),
	(3);


--
-- Name: thread_states_id_seq; Type: SEQUENCE SET; Schema: langgraph_server; Owner: postgres
--

SELECT pg_catalog.setval('langgraph_server.thread_states_id_seq', 1, false);


--
-- Name: users users_email_key; Type: CONSTRAINT; Schema: auth; Owner: postgres
--

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_email_key UNIQUE (email);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: auth; Owner: postgres
--

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: assistants assistants_pkey; Type: CONSTRAINT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.assistants
    ADD CONSTRAINT assistants_pkey PRIMARY KEY (id);


--
-- Name: crons crons_pkey; Type: CONSTRAINT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.crons
    ADD CONSTRAINT crons_pkey PRIMARY KEY (id);


--
-- Name: runs runs_pkey; Type: CONSTRAINT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);


--
-- Name: store_items store_items_pkey; Type: CONSTRAINT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.store_items
    ADD CONSTRAINT store_items_pkey PRIMARY KEY (namespace, key, owner_id);


--
-- Name: thread_states thread_states_pkey; Type: CONSTRAINT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.thread_states
    ADD CONSTRAINT thread_states_pkey PRIMARY KEY (id);


--
-- Name: threads threads_pkey; Type: CONSTRAINT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.threads
    ADD CONSTRAINT threads_pkey PRIMARY KEY (id);


--
-- Name: agent_mcp_tools agent_mcp_tools_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.agent_mcp_tools
    ADD CONSTRAINT agent_mcp_tools_pkey PRIMARY KEY (agent_id, mcp_tool_id);


--
-- Name: agents agents_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_pkey PRIMARY KEY (id);


--
-- Name: ai_models ai_models_model_slug_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.ai_models
    ADD CONSTRAINT ai_models_model_slug_key UNIQUE (model_slug);


--
-- Name: ai_models ai_models_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.ai_models
    ADD CONSTRAINT ai_models_pkey PRIMARY KEY (id);


--
-- Name: chat_sessions chat_sessions_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.chat_sessions
    ADD CONSTRAINT chat_sessions_pkey PRIMARY KEY (id);


--
-- Name: checkpoint_blobs checkpoint_blobs_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.checkpoint_blobs
    ADD CONSTRAINT checkpoint_blobs_pkey PRIMARY KEY (thread_id, checkpoint_ns, channel, version);


--
-- Name: checkpoint_migrations checkpoint_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.checkpoint_migrations
    ADD CONSTRAINT checkpoint_migrations_pkey PRIMARY KEY (v);


--
-- Name: checkpoint_writes checkpoint_writes_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.checkpoint_writes
    ADD CONSTRAINT checkpoint_writes_pkey PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id, task_id, idx);


--
-- Name: checkpoints checkpoints_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.checkpoints
    ADD CONSTRAINT checkpoints_pkey PRIMARY KEY (thread_id, checkpoint_ns, checkpoint_id);


--
-- Name: global_ai_engines global_ai_engines_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.global_ai_engines
    ADD CONSTRAINT global_ai_engines_pkey PRIMARY KEY (id);


--
-- Name: mcp_tools mcp_tools_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.mcp_tools
    ADD CONSTRAINT mcp_tools_pkey PRIMARY KEY (id);


--
-- Name: organization_members organization_members_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.organization_members
    ADD CONSTRAINT organization_members_pkey PRIMARY KEY (organization_id, user_id);


--
-- Name: organizations organizations_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_pkey PRIMARY KEY (id);


--
-- Name: organizations organizations_slug_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT organizations_slug_key UNIQUE (slug);


--
-- Name: store_migrations store_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.store_migrations
    ADD CONSTRAINT store_migrations_pkey PRIMARY KEY (v);


--
-- Name: store store_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (prefix, key);


--
-- Name: idx_runs_thread_id; Type: INDEX; Schema: langgraph_server; Owner: postgres
--

CREATE INDEX idx_runs_thread_id ON langgraph_server.runs USING btree (thread_id, created_at DESC);


--
-- Name: idx_thread_states_thread_id; Type: INDEX; Schema: langgraph_server; Owner: postgres
--

CREATE INDEX idx_thread_states_thread_id ON langgraph_server.thread_states USING btree (thread_id, created_at DESC);


--
-- Name: checkpoint_blobs_thread_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX checkpoint_blobs_thread_id_idx ON public.checkpoint_blobs USING btree (thread_id);


--
-- Name: checkpoint_writes_thread_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX checkpoint_writes_thread_id_idx ON public.checkpoint_writes USING btree (thread_id);


--
-- Name: checkpoints_thread_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX checkpoints_thread_id_idx ON public.checkpoints USING btree (thread_id);


--
-- Name: idx_store_expires_at; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX idx_store_expires_at ON public.store USING btree (expires_at) WHERE (expires_at IS NOT NULL);


--
-- Name: store_prefix_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX store_prefix_idx ON public.store USING btree (prefix text_pattern_ops);


--
-- Name: thread_states thread_states_thread_id_fkey; Type: FK CONSTRAINT; Schema: langgraph_server; Owner: postgres
--

ALTER TABLE ONLY langgraph_server.thread_states
    ADD CONSTRAINT thread_states_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES langgraph_server.threads(id) ON DELETE CASCADE;


--
-- Name: agent_mcp_tools agent_mcp_tools_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.agent_mcp_tools
    ADD CONSTRAINT agent_mcp_tools_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id) ON DELETE CASCADE;


--
-- Name: agent_mcp_tools agent_mcp_tools_mcp_tool_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.agent_mcp_tools
    ADD CONSTRAINT agent_mcp_tools_mcp_tool_id_fkey FOREIGN KEY (mcp_tool_id) REFERENCES public.mcp_tools(id) ON DELETE CASCADE;


--
-- Name: agents agents_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.agents
    ADD CONSTRAINT agents_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id);


--
-- Name: chat_sessions chat_sessions_agent_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.chat_sessions
    ADD CONSTRAINT chat_sessions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES public.agents(id);


--
-- Name: global_ai_engines global_ai_engines_language_model_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.global_ai_engines
    ADD CONSTRAINT global_ai_engines_language_model_id_fkey FOREIGN KEY (language_model_id) REFERENCES public.ai_models(id);


--
-- Name: organization_members organization_members_organization_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.organization_members
    ADD CONSTRAINT organization_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organizations(id) ON DELETE CASCADE;


--
-- Name: organization_members organization_members_user_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.organization_members
    ADD CONSTRAINT organization_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;


--
-- Name: checkpoint_blobs; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.checkpoint_blobs ENABLE ROW LEVEL SECURITY;

--
-- Name: checkpoint_migrations; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.checkpoint_migrations ENABLE ROW LEVEL SECURITY;

--
-- Name: checkpoint_writes; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.checkpoint_writes ENABLE ROW LEVEL SECURITY;

--
-- Name: checkpoints; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.checkpoints ENABLE ROW LEVEL SECURITY;

--
-- Name: store; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.store ENABLE ROW LEVEL SECURITY;

--
-- Name: store_migrations; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.store_migrations ENABLE ROW LEVEL SECURITY;

--
-- PostgreSQL database dump complete
--


