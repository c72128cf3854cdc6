"""docs/ci.md: the files in it are what they claim to be, and their commands work as they stand there."""
import json
import os
import re
import shutil

import support

try:
    import yaml
except ImportError:
    yaml = None

TEXT = (support.SOURCE / "docs/ci.md").read_text(encoding="utf-8")


def block_of(heading):
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return yaml.safe_load(re.search(r"```yaml\n(.*?)```", section, re.DOTALL)[1])


@support.unittest.skipUnless(yaml, "python3-yaml is not installed")
class Files(support.Test):
    def setUp(self):
        super().setUp()
        shutil.copy(support.model("tutorial/lost_update.py"), "racy.py")
        shutil.copy(support.model("tutorial/lost_update_lock.py"), "locked.py")

    def check(self, line, models, code):
        """Runs a line of a shell, with the program under test as raddle."""
        self.write("raddle.json", json.dumps({"models": [{"model": name} for name in models]}))
        os.makedirs("bin", exist_ok=True)
        if not os.path.lexists("bin/raddle"):
            os.symlink(support.RADDLE, "bin/raddle")
        environment = {**os.environ, "PATH": os.path.abspath("bin") + ":/usr/bin:/bin"}
        return self.raddle("-ec", line, program="/bin/sh", code=code, env=environment)

    def test_github(self):
        workflow = block_of("GitHub Actions")
        steps = workflow["jobs"]["check"]["steps"]
        line, = [s["run"] for s in steps if "raddle check" in s.get("run", "")]
        output = self.check(line, ["racy.py", "locked.py"], code=1).stdout
        self.assertRegex(output, r"(?m)^::error .*file=racy\.py")
        sarif, = [s["with"]["sarif_file"] for s in steps if "upload-sarif" in s.get("uses", "")]
        self.assertEqual(json.loads(self.read(sarif))["version"], "2.1.0")
        kept, = [s["with"]["path"].split() for s in steps if "upload-artifact" in s.get("uses", "")]
        for path in kept:
            self.assertTrue(os.path.exists(path), path)
        self.check(line, ["locked.py"], code=0)

    def test_gitlab(self):
        job = block_of("GitLab")["raddle"]
        line, = job["script"]
        self.check(line, ["racy.py"], code=1)
        self.assertIn("<failure", self.read(job["artifacts"]["reports"]["junit"]))
        for path in job["artifacts"]["paths"]:
            self.assertTrue(os.path.exists(path), path)
        self.check(line, ["locked.py"], code=0)

    def test_pre_commit(self):
        hook, = block_of("pre-commit")["repos"][0]["hooks"]
        self.check(hook["entry"], ["racy.py"], code=1)
        self.check(hook["entry"], ["locked.py"], code=0)

    def test_building(self):
        """Both build in the same way, with options that there are."""
        github = "\n".join(s.get("run", "") for s in block_of("GitHub Actions")["jobs"]["check"]["steps"])
        gitlab = "\n".join(block_of("GitLab")["raddle"]["before_script"])
        for text in (github, gitlab):
            self.assertIn("raddle/checker/setup", text)
            options = re.findall(r"-D(\w+)=", text)
            self.assertTrue(options)
            for option in options:
                self.assertIn(f"option({option} ", (support.SOURCE / "CMakeLists.txt").read_text())


support.main()
