from tests.components.service_plans import all_of, named, one, urns


def test_a_machine_has_no_public_address_unless_it_has_one_today() -> None:
    for machine in all_of("compute/instance:Instance", "back-office"):
        (interface,) = machine.inputs["networkInterfaces"]
        assert interface.keys() == {"subnetwork"}
    (interface,) = one("compute/instance:Instance", "old-shop").inputs["networkInterfaces"]
    (access,) = interface["accessConfigs"]
    assert one("compute/address:Address", "old-shop").urn in urns(access["natIp"])


def test_machines_of_one_host_are_numbered() -> None:
    assert [m.inputs["name"] for m in all_of("compute/instance:Instance", "back-office")] == [
        "back-office-vm-1",
        "back-office-vm-2",
    ]


def test_a_machine_and_its_disk_survive_mistakes() -> None:
    machine = one("compute/instance:Instance", "old-shop")
    assert machine.inputs["deletionProtection"] is True
    assert machine.inputs["bootDisk"]["autoDelete"] is False
    assert machine.options.protect


def test_a_machine_boots_what_was_signed_and_acts_as_itself() -> None:
    machine = one("compute/instance:Instance", "old-shop").inputs
    assert machine["shieldedInstanceConfig"] == {
        "enableIntegrityMonitoring": True,
        "enableSecureBoot": True,
        "enableVtpm": True,
    }
    email = "old-shop-vm@acme-subscriptions-prod.iam.gserviceaccount.com"
    assert machine["serviceAccount"]["email"] == email
    assert machine["metadata"]["block-project-ssh-keys"] == "TRUE"


def test_a_machine_without_a_public_address_stands_behind_the_load_balancer() -> None:
    group = one(":InstanceGroup", "back-office")
    assert group.inputs["namedPorts"] == [{"name": "web", "port": 8081}]
    assert len(group.inputs["instances"]) == 2
    backend = one(":BackendService", "back-office").inputs
    assert backend["portName"] == "web"
    (only,) = backend["backends"]
    assert (urns(only["group"]), only["maxRatePerInstance"]) == ([group.urn], 100)
    assert "/global/securityPolicies/production-edge" in backend["securityPolicy"], "it asks for nothing else"


def test_only_load_balancers_reach_such_a_machine_and_only_where_it_answers() -> None:
    firewall = one(":Firewall", "back-office").inputs
    assert firewall["sourceRanges"] == ["35.191.0.0/16", "130.211.0.0/22"]
    assert firewall["allows"] == [{"protocol": "tcp", "ports": ["8081"]}]
    email = "back-office-vm@acme-subscriptions-prod.iam.gserviceaccount.com"
    assert firewall["targetServiceAccounts"] == [email]


def test_the_name_of_a_public_machine_leads_to_it() -> None:
    record = one(":RecordSet", "old-shop").inputs
    assert (record["name"], record["type"]) == ("old-shop.acme.example.", "A")
    assert urns(record["rrdatas"][0]) == [one("compute/address:Address", "old-shop").urn]
    assert all_of(":BackendService", "old-shop") == []


def test_the_internet_reaches_a_public_machine_at_the_web_s_ports_only() -> None:
    firewall = one(":Firewall", "old-shop").inputs
    assert firewall["sourceRanges"] == ["0.0.0.0/0"]
    assert firewall["allows"] == [{"protocol": "tcp", "ports": ["80", "443"]}]


def test_machines_bring_nothing_to_the_cluster() -> None:
    assert not [r for r in all_of("", "back-office") if r.type.startswith("kubernetes:")]


def test_a_store_of_the_cloud_beside_a_machine_lets_its_account_in() -> None:
    user = named("sql/user:User", "back-office-db-g1-back-office-vm", "back-office").inputs
    assert user["name"] == "back-office-vm@acme-subscriptions-prod.iam"


def test_while_a_service_moves_one_front_door_asks_machines_and_pods() -> None:
    backends = {b.name: b.inputs["backends"] for b in all_of(":BackendService", "half-moved")}
    assert urns(backends["half-moved-rest"][0]["group"]) == [one(":InstanceGroup", "half-moved").urn]
    assert len(backends["half-moved-moved"]) == 3
    leads_to = {urns(r.inputs["rrdatas"][0])[0] for r in all_of(":RecordSet", "half-moved")}
    assert one("compute/address:Address", "half-moved").urn not in leads_to
