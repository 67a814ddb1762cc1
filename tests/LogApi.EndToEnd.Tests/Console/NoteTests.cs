using System.Text.Json;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The console's own check of signed checkpoints, against ones that the Go toolchain's package has signed.</summary>
public sealed class NoteTests : ConsoleTest
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes(Repository.Combine("tests", "vectors", "tlog.json"))).RootElement;

    [Test]
    public async Task Checkpoint_KnownAnswers_AreSignedAndChangedOnesAreNot()
    {
        var page = await OpenModulesAsync();

        var wrong = await page.RunAsync<string[]>("note", """
            const key = await module.readVerifierKey(argument.vkey);
            const wrong = [];
            const isSigned = async (note) => {
              try {
                return await module.isSignedBy(module.readCheckpoint(note), key);
              } catch {
                return false;
              }
            };
            for (const [size, note] of Object.entries(argument.checkpoints)) {
              const read = module.readCheckpoint(note);
              if (!await isSigned(note) || String(read.size) !== size || read.rootText !== argument.roots[size] || read.origin !== argument.name) wrong.push(size);
              // Any other character, in the text or in the signature.
              for (let at = 0; at < note.length; at += 1) {
                const other = note[at] === 'A' ? 'B' : 'A';
                if (await isSigned(note.slice(0, at) + other + note.slice(at + 1))) wrong.push(`${size} with another character ${at}`);
              }
            }
            return wrong;
            """, Vectors);

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Checkpoint_WithCosignaturesOfOthers_CountsTheLogsOwnSignatureOnly()
    {
        var page = await OpenModulesAsync();

        var verdicts = await page.RunAsync<bool[]>("note", """
            const key = await module.readVerifierKey(argument.vkey);
            const note = argument.checkpoints['13'];
            const line = note.split('\n')[4];
            const text = note.slice(0, note.indexOf('\n\n') + 2);
            const other = line.replace(argument.name, 'witness.example.org');
            const isSigned = (signed) => module.isSignedBy(module.readCheckpoint(signed), key);
            return [await isSigned(`${text}${other}\n${line}\n`), await isSigned(`${text}${other}\n`), await isSigned(`${text}${line}\n${line.slice(0, -6)}AAAA==\n`)];
            """, Vectors);

        Assert.That(verdicts, Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public async Task VerifierKey_OtherThanItsIdOrOfAnotherForm_IsRefused()
    {
        var vkey = Vectors.GetProperty("vkey").GetString()!;
        var parts = vkey.Split('+', 3);
        string[] keys =
        [
            "", "name", "+" + parts[1] + "+" + parts[2], $"{parts[0]}+00000000+{parts[2]}", $"{parts[0]}x+{parts[1]}+{parts[2]}",
            $"{parts[0]}+{parts[1]}+{Forger.Flip(parts[2], 32)}", $"{parts[0]}+{parts[1]}+{Forger.Flip(parts[2])}", vkey + "=", vkey + " ",
        ];
        var page = await OpenModulesAsync();

        var taken = await page.RunAsync<string[]>("note", """
            const taken = [];
            for (const key of argument) {
              try {
                await module.readVerifierKey(key);
                taken.push(key);
              } catch {
                // Refused, as it must be.
              }
            }
            return taken;
            """, keys);

        Assert.That(taken, Is.Empty);
        Assert.That(await page.RunAsync<string>("note", "return (await module.readVerifierKey(argument)).name;", vkey), Is.EqualTo(parts[0]));
    }
}
