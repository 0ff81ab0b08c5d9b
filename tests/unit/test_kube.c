/* SPDX-License-Identifier: Apache-2.0 */
/* The testbed kube without a cluster: pods and pairs from the API's JSON, manifests, a node's
 * interfaces, what kubectl says. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/kube/manifest.h"
#include "collector/kube/node.h"
#include "collector/kube/pairs.h"
#include "collector/kube/ssh.h"
#include "common/text.h"

#define RUNNING                                                                                       \
	"\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\",\"containerStatuses\":[{\"state\":" \
	"{\"running\":{\"startedAt\":\"now\"}}}]}"
#define SPEC(node) "\"spec\":{\"nodeName\":\"" node "\",\"containers\":[{\"name\":\"c\"}]}"
#define POD(name, labels, node, status)                                                            \
	"{\"metadata\":{\"name\":\"" name "\",\"labels\":{" labels "}}," SPEC(node) "," status "}"

static void read_pods(struct kube_pods *out, const char *items)
{
	struct nb_text t = {0};
	struct nb_err err = {0};
	text_addf(&t, "{\"items\":[%s]}", items);
	json_t *list = json_loads(t.s, 0, NULL);
	assert_non_null(list);
	assert_int_equal(pods_of_json(out, list, &err), 0);
	json_decref(list);
	text_free(&t);
}

static void names_and_labels_make_pairs(void **state)
{
	struct kube_pods p;
	(void)state;
	read_pods(
		&p,
		POD("server0-ve-4711", "", "a", RUNNING) "," POD(
			"client0-ve-4712", "\"x\":\"y\"", "b",
			RUNNING) "," POD("web", "\"role\":\"server\"", "a",
					 RUNNING) "," POD("db", "\"role\":\"client\"", "b",
							  RUNNING) "," POD("serverless", "", "b",
									   RUNNING) "," POD("x7",
											    "\"role\":\"client\",\"netbound/pair\":\"12\"",
											    "b",
											    RUNNING));
	assert_int_equal(pods_pairs(&p), 13);
	assert_string_equal(pods_find(&p, KUBE_SENDER, 0)->name, "server0-ve-4711");
	assert_string_equal(pods_find(&p, KUBE_RECEIVER, 0)->name, "client0-ve-4712");
	assert_string_equal(pods_find(&p, KUBE_SENDER, 1)->name,
			    "web"); /* the lowest free number */
	assert_string_equal(pods_find(&p, KUBE_RECEIVER, 1)->name, "db");
	assert_string_equal(pods_find(&p, KUBE_RECEIVER, 12)->name, "x7");
	pods_free(&p);
}

static void what_is_missing_or_does_not_run_is_named(void **state)
{
	struct kube_pods p;
	struct nb_text t = {0};
	(void)state;
	read_pods(&p,
		  POD("server0", "", "a",
		      "\"status\":{\"phase\":\"Pending\",\"containerStatuses\":[{\"state\":{"
		      "\"waiting\":{\"reason\":\"ErrImagePull\",\"message\":\"no such image\"}}}]"
		      "}"));
	assert_true(pods_pair_problem(&p, 0, &t));
	assert_string_equal(t.s, "server0 is Pending (ErrImagePull: no such image), there is no "
				 "client0");
	text_free(&t);
	pods_free(&p);
}

static void a_running_pod_goes_before_one_that_ends(void **state)
{
	struct kube_pods p;
	(void)state;
	read_pods(&p, POD("server0-a", "", "a", "\"status\":{\"phase\":\"Failed\"}") "," POD(
			      "server0-b", "", "a", RUNNING));
	assert_string_equal(pods_find(&p, KUBE_SENDER, 0)->name, "server0-b");
	pods_free(&p);
}

static void choose(struct kube_pair **pairs, size_t *n, const struct kube_pods *pods,
		   struct pairs_wanted want, int rc)
{
	struct nb_text left_out = {0};
	struct nb_err err = {0};
	assert_int_equal(pairs_choose(pairs, n, pods, &want, &left_out, &err), rc);
	text_free(&left_out);
}

static void pairs_on_two_nodes_go_first(void **state)
{
	struct kube_pods p;
	struct kube_pair *pairs;
	size_t n;
	(void)state;
	read_pods(&p, POD("server0", "", "a", RUNNING) "," POD("client0", "", "a", RUNNING) "," POD(
			      "server1", "", "a", RUNNING) "," POD("client1", "", "b", RUNNING));
	choose(&pairs, &n, &p, (struct pairs_wanted){0}, 0);
	assert_int_equal(n, 1);
	assert_int_equal(pairs[0].number, 1);
	assert_string_equal(pairs_path(pairs, n, false), "inter");
	free(pairs);
	choose(&pairs, &n, &p, (struct pairs_wanted){.same_node = true}, 0);
	assert_int_equal(pairs[0].number, 0);
	assert_string_equal(pairs_path(pairs, n, false), "same-node");
	free(pairs);
	choose(&pairs, &n, &p, (struct pairs_wanted){.loopback = true}, 0);
	assert_string_equal(pairs[0].receiver->name, "server1");
	assert_string_equal(pairs_path(pairs, n, true), "loopback");
	free(pairs);
	choose(&pairs, &n, &p, (struct pairs_wanted){.n = 2}, -1);
	assert_null(pairs);
	pods_free(&p);
}

static void look_at(struct place *p, const struct kube_pod *pod, const char *cpus, const char *numa)
{
	struct nb_text t = {0};
	text_addf(&t, "{\"cpus\":%s,\"numa\":%s}", cpus, numa);
	*p = (struct place){.pod = pod, .look = json_loads(t.s, 0, NULL)};
	assert_non_null(p->look);
	text_free(&t);
}

static void forget(struct place_cores *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(c[i].cores);
		free(c[i].pin);
		c[i] = (struct place_cores){0};
	}
}

static void cores_come_from_the_cpuset_and_one_numa_node(void **state)
{
	struct kube_pod pod = {.name = (char[]){"p"}, .node = (char[]){"a"}};
	struct place p[4];
	struct place_cores c[4] = {0};
	struct nb_err err = {0};
	bool shared = false;
	(void)state;
	for (int i = 0; i < 4; i++)
		look_at(&p[i], &pod, "[0,1,2,3,8,9]", "[[0,1,2,3,4,5],[8,9,10]]");
	assert_int_equal(places_choose_cores(c, p, 4, &(struct cores_wanted){.n_cores = 1}, &shared,
					     &err),
			 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(c[i].n_cores, 1);
		assert_true(c[i].cores[0] < 4);
		for (int k = 0; k < i; k++)
			assert_int_not_equal(c[i].cores[0], c[k].cores[0]);
	}
	assert_true(c[0].cores[0] > 1); /* 0 and 1 come last */
	assert_false(shared);
	forget(c, 4);
	assert_int_equal(places_choose_cores(c, p, 1, &(struct cores_wanted){.n_cores = 7}, &shared,
					     &err),
			 -1);
	assert_int_equal(err.code, NB_USAGE);

	/* a list is taken as it is, by each pair from where the last one ended */
	const int list[] = {9, 2}, other_list[] = {9, 4};
	struct nb_err other = {0};
	assert_int_equal(
		places_choose_cores(c, p, 4,
				    &(struct cores_wanted){.n_cores = 1, .list = list, .n_list = 2},
				    &shared, &err),
		0);
	assert_int_equal(c[0].cores[0], 9);
	assert_int_equal(c[2].cores[0], 2);
	assert_false(shared);
	forget(c, 4);
	assert_int_equal(
		places_choose_cores(c, p, 4,
				    &(struct cores_wanted){.n_cores = 2, .list = list, .n_list = 2},
				    &shared, &err),
		0);
	assert_true(shared);
	forget(c, 4);
	assert_int_equal(places_choose_cores(c, p, 4,
					     &(struct cores_wanted){
						     .n_cores = 1, .list = other_list, .n_list = 2},
					     &shared, &other),
			 -1);
	assert_string_equal(other.text, "--core-list: pod p may not use core 4, only 0,1,2,3,8,9");
	forget(c, 4);
	for (int i = 0; i < 4; i++)
		json_decref(p[i].look);
}

static void a_limit_has_so_many_whole_cores(void **state)
{
	static const struct {
		const char *limit;
		size_t cores;
	} rows[] = {
		{NULL,    1},
		    {"4",	  4},
		  {"500m",  1},
		       {"2500m", 2},
		{"1.5",	1},
		    {"2000m", 2},
		  {"0",	1},
		       {"x",     1}
	       };
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[16];
		snprintf(text, sizeof(text), "%s", rows[i].limit ? rows[i].limit : "");
		const struct kube_pod pod = {.cpu = rows[i].limit ? text : NULL};
		assert_int_equal(pod_whole_cores(&pod), rows[i].cores);
	}
}

static void both_addresses_of_a_pod_are_shown(void **state)
{
	struct kube_pods p;
	(void)state;
	read_pods(&p, POD("server0", "", "a",
			  "\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\",\"podIPs\":[{"
			  "\"ip\":\"10.0.0.1\"},{\"ip\":\"fd00::1\"}]}") "," POD("client0", "", "a",
										 RUNNING));
	assert_string_equal(pods_find(&p, KUBE_SENDER, 0)->ips, "10.0.0.1, fd00::1");
	assert_null(pods_find(&p, KUBE_RECEIVER, 0)->ips);
	pods_free(&p);
}

static void sizes_are_checked_before_anything_is_made(void **state)
{
	static const char *const bad_cpus[] = {"", "0", "x", "4x", "1.", "-1", "m", "0m", "1.5m"};
	static const char *const bad_memory[] = {"", "x", "0", "4000", "12Zi", "Mi", "-2"};
	struct nb_err err = {0};
	char *s = NULL;
	(void)state;
	for (size_t i = 0; i < sizeof(bad_cpus) / sizeof(*bad_cpus); i++)
		assert_int_equal(manifest_cpu(bad_cpus[i], &err), -1);
	for (size_t i = 0; i < sizeof(bad_memory) / sizeof(*bad_memory); i++)
		assert_int_equal(manifest_memory(&s, bad_memory[i], &err), -1);
	assert_int_equal(manifest_cpu("4", &err), 0);
	assert_int_equal(manifest_cpu("1.5", &err), 0);
	assert_int_equal(manifest_cpu("500m", &err), 0);
	assert_int_equal(manifest_memory(&s, "2", &err), 0);
	assert_string_equal(s, "2Gi");
	free(s);
	assert_int_equal(manifest_memory(&s, "4000Mi", &err), 0);
	assert_string_equal(s, "4000Mi");
	free(s);
}

static void values_cannot_break_out_of_a_manifest(void **state)
{
	struct kube_node node = {.name = (char[]){"a"}, .control_plane = true};
	const char *list[] = {"key=a\"\nspec: {}"};
	const struct opt_texts annotations = {list, 1};
	struct manifest_plan plan = {.pairs = 1,
				     .cpu = "4",
				     .memory = "1Gi",
				     .image = "x\"\nprivileged: true",
				     .namespace = "n",
				     .sender = &node,
				     .receiver_node = "b",
				     .annotations = &annotations};
	struct nb_text t = {0};
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(manifest_fill(&t, manifest_template, &plan, &err), 0);
	assert_non_null(strstr(t.s, "image: \"x\\\"\\nprivileged: true\"\n"));
	assert_non_null(strstr(t.s, "annotations: {\"key\":\"a\\\"\\nspec: {}\"}\n"));
	assert_non_null(strstr(t.s, "nodeName: \"b\"\n"));  /* given */
	assert_non_null(strstr(t.s, "\"values\":[\"a\"]")); /* found: by affinity */
	assert_non_null(strstr(t.s, "control-plane"));
	assert_null(strstr(t.s, "@IMAGE@"));
	text_cut(&t, 0);
	assert_int_equal(manifest_fill(&t, "a: @NONSENSE@", &plan, &err), -1);
	assert_int_equal(err.code, NB_USAGE);
	text_free(&t);
}

static void a_node_s_interfaces_on_the_way(void **state)
{
	json_t *look = json_loads(
		"{\"links\":[{\"index\":1,\"name\":\"lo\"},{\"index\":2,\"name\":\"eth0\"},"
		"{\"index\":3,\"name\":\"cni0\",\"kind\":\"bridge\"},{\"index\":7,\"name\":\"veth7\","
		"\"master\":3},{\"index\":8,\"name\":\"veth8\",\"master\":3},"
		"{\"index\":9,\"name\":\"genev_sys_6081\",\"kind\":\"geneve\"}],"
		"\"routes\":[{\"to\":\"10.0.0.2\",\"dev\":\"eth0\"}]}",
		0, NULL);
	const json_int_t peers[] = {7, 99};
	(void)state;
	json_t *names = node_links(look, peers, 2);
	char *s = json_dumps(names, JSON_COMPACT);
	assert_string_equal(s, "[\"veth7\",\"cni0\",\"eth0\",\"genev_sys_6081\"]");
	free(s);
	json_decref(names);
	const struct node_end ends[] = {
		{.peer = 7,	    .sender = true, .elsewhere = true},
		{.peer = 8},
		{.peer = 99	   },
	};
	const char *uplink;
	json_t *way = node_way(&uplink, look, ends, 3);
	s = json_dumps(way, JSON_COMPACT);
	assert_string_equal(uplink, "eth0");
	assert_string_equal(
		s, "[\"sender veth veth7 (device)\",\"sender bridge cni0 (bridge)\","
		   "\"sender tunnel genev_sys_6081 (geneve)\",\"sender uplink eth0 (device)\","
		   "\"receiver veth veth8 (device)\"]");
	free(s);
	json_decref(way);
	json_decref(look);
}

static void kubectl_s_words_become_one_line(void **state)
{
	struct nb_text t = {0};
	(void)state;
	kubectl_reason(&t, "E1122 10:00:00.1 memcache.go:265] couldn't get list\n"
			   "Error from server (Forbidden): pods is forbidden: User \"u\"\nmore\n");
	assert_string_equal(t.s, "(Forbidden): pods is forbidden: User \"u\"");
	assert_non_null(strstr(kubectl_advice(t.s), "rights"));
	text_cut(&t, 0);
	kubectl_reason(&t, "error: unable to upgrade connection\n");
	assert_string_equal(t.s, "unable to upgrade connection");
	text_free(&t);
}

static void ssh_s_words_are_quoted_and_its_failures_become_one_line(void **state)
{
	static const struct {
		const char *said, *line;
	} cases[] = {
		{"ssh: connect to host 10.0.0.1 port 22: Connection refused\r\n",
		 "kube: put: ssh 10.0.0.1: connect to host 10.0.0.1 port 22: Connection refused: no sshd "
		 "listens there: see Port in ~/.ssh/config, or --node-access pod"		 },
		{"No ED25519 host key is known for 10.0.0.1\r\nHost key verification failed.\r\n",
		 "kube: put: ssh 10.0.0.1: Host key verification failed: this host does not know the "
		 "node's key: connect once by hand, or add it to known_hosts (ssh-keyscan)"},
		{"root@10.0.0.1: Permission denied (publickey).\n",
		 "kube: put: ssh 10.0.0.1: root@10.0.0.1: Permission denied (publickey): put your key "
		 "there (ssh-copy-id), or name another user: --node-access ssh:USER"	    },
		{"Could not chdir to home directory /none: No such file or directory\n",
		 "kube: put: ssh 10.0.0.1: ssh ended with code 1 and said nothing"	  },
	};
	const char *user, *words[] = {"sh", "-c", "echo 'a b' $1", NULL};
	(void)state;
	assert_true(ssh_wanted(&user, "ssh") && !user);
	assert_true(ssh_wanted(&user, "ssh:core"));
	assert_string_equal(user, "core");
	for (const char *const *no = (const char *const[]){"sshd", "ssh:", "ssh:-F/x", "ssh:a b",
							   "ssh:a@b", "pod", NULL};
	     *no; no++)
		assert_false(ssh_wanted(&user, *no));
	char **argv = ssh_argv("core", "10.0.0.1", words);
	size_t n = 0;
	while (argv[n])
		n++;
	assert_string_equal(argv[n - 3], "--");
	assert_string_equal(argv[n - 2], "core@10.0.0.1");
	assert_string_equal(argv[n - 1], "'sh' '-c' 'echo '\\''a b'\\'' $1'");
	kubectl_argv_free(argv);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct nb_err err = {0};
		struct proc p = {.exit_code = 1};
		text_add(&p.err, cases[i].said);
		ssh_error(&err, "put", "10.0.0.1", &p);
		assert_string_equal(err.text, cases[i].line);
		proc_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_labels_make_pairs),
		cmocka_unit_test(what_is_missing_or_does_not_run_is_named),
		cmocka_unit_test(a_running_pod_goes_before_one_that_ends),
		cmocka_unit_test(pairs_on_two_nodes_go_first),
		cmocka_unit_test(cores_come_from_the_cpuset_and_one_numa_node),
		cmocka_unit_test(a_limit_has_so_many_whole_cores),
		cmocka_unit_test(both_addresses_of_a_pod_are_shown),
		cmocka_unit_test(sizes_are_checked_before_anything_is_made),
		cmocka_unit_test(values_cannot_break_out_of_a_manifest),
		cmocka_unit_test(a_node_s_interfaces_on_the_way),
		cmocka_unit_test(kubectl_s_words_become_one_line),
		cmocka_unit_test(ssh_s_words_are_quoted_and_its_failures_become_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
