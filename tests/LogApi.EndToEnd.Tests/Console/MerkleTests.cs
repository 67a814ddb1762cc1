using System.Text;
using System.Text.Json;
using LogApi.Domain.Transparency;
using LogApi.Testing;

namespace LogApi.EndToEnd.Tests.Console;

/// <summary>The console's own hashing and proof checks, against answers that others have made.</summary>
public sealed class MerkleTests : ConsoleTest
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes(Repository.Combine("tests", "vectors", "tlog.json"))).RootElement;

    [Test]
    public async Task Inclusion_KnownAnswers_LeadToTheRootsAndForgedOnesDoNot()
    {
        var page = await OpenModulesAsync();

        var wrong = await page.RunAsync<string[]>("merkle", """
            const { bytesOfText, base64OfBytes } = await import('/console/js/bytes.js');
            const wrong = [];
            for (const { Size, Index, Proof } of argument.inclusion) {
              const leaf = await module.hashLeaf(bytesOfText(`leaf ${Index}`));
              const lead = async (index, hashes) => {
                const root = await module.rootOfInclusion(BigInt(index), BigInt(Size), leaf, hashes);
                return root !== null && base64OfBytes(root) === argument.roots[Size];
              };
              const hashes = Proof.map(module.readHash);
              if (!await lead(Index, hashes)) wrong.push(`${Index} of ${Size} is not proven`);
              for (let i = 0; i < hashes.length; i += 1) {
                const forged = hashes.map((hash, j) => (i === j ? hash.map((byte, at) => (at === 31 ? byte ^ 1 : byte)) : hash));
                if (await lead(Index, forged)) wrong.push(`${Index} of ${Size} with hash ${i} forged`);
              }
              if (hashes.length > 0 && await lead(Index, hashes.slice(1))) wrong.push(`${Index} of ${Size} without a hash`);
              if (await lead(Index, [...hashes, leaf])) wrong.push(`${Index} of ${Size} with a hash too many`);
              if (await lead(Index + 1, hashes) || await lead(Index - 1, hashes)) wrong.push(`${Index} of ${Size} at another place`);
              if (await lead(Size, hashes)) wrong.push(`behind the end of ${Size}`);
            }
            return wrong;
            """, Vectors);

        Assert.That(Vectors.GetProperty("inclusion").GetArrayLength(), Is.GreaterThan(50));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Consistency_KnownAnswers_HoldAndForgedOnesDoNot()
    {
        var page = await OpenModulesAsync();

        var wrong = await page.RunAsync<string[]>("merkle", """
            const wrong = [];
            const flip = (hash) => hash.map((byte, at) => (at === 0 ? byte ^ 0x80 : byte));
            for (const { Old, New, Proof } of argument.consistency) {
              const [older, newer] = [Old, New].map((size) => module.readHash(argument.roots[size]));
              const hashes = (Proof ?? []).map(module.readHash);
              const holds = (proof, from = older, to = newer, size = Old) => module.isConsistent(BigInt(size), BigInt(New), proof, from, to);
              const name = `${Old} to ${New}`;
              if (!await holds(hashes)) wrong.push(name);
              if (await holds(hashes, flip(older)) || await holds(hashes, older, flip(newer))) wrong.push(`${name} with a forged root`);
              for (let i = 0; i < hashes.length; i += 1) {
                if (await holds(hashes.map((hash, j) => (i === j ? flip(hash) : hash)))) wrong.push(`${name} with hash ${i} forged`);
              }
              if (hashes.length > 0 && await holds(hashes.slice(1))) wrong.push(`${name} without a hash`);
              if (await holds([...hashes, older])) wrong.push(`${name} with a hash too many`);
              if (await holds(hashes, older, newer, 0)) wrong.push(`nothing to ${New}`);
            }
            return wrong;
            """, Vectors);

        Assert.That(Vectors.GetProperty("consistency").GetArrayLength(), Is.GreaterThan(80));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task Proofs_OfRandomTrees_AreWhatTheServiceMakesThem()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var tree = new MemoryTree(new PretendSigner());
        var cases = new List<object>();
        var size = 0;
        for (var i = 0; i < 12; i++)
        {
            var before = size;
            var added = random.Next(1, 1 << random.Next(1, 11));
            tree.PublishLost(added);
            size += added;
            var root = (await TileProof.RootAsync(tree, size, default)).ToString();
            for (var j = 0; j < 6; j++)
            {
                var index = random.Next(size);
                var proof = await TileProof.OfInclusionAsync(tree, index, size, default);
                cases.Add(new { index, size, root, leaf = Encoding.UTF8.GetString(LogLeaf.EncodeLost(index)), proof = proof.Select(hash => hash.ToString()) });
            }

            if (before == 0) continue;
            var from = random.Next(1, before + 1);
            cases.Add(new
            {
                from,
                size,
                root,
                older = (await TileProof.RootAsync(tree, from, default)).ToString(),
                proof = (await TileProof.OfConsistencyAsync(tree, from, size, default)).Select(hash => hash.ToString()),
            });
        }

        var page = await OpenModulesAsync();
        var wrong = await page.RunAsync<string[]>("merkle", """
            const { bytesOfText, base64OfBytes } = await import('/console/js/bytes.js');
            const wrong = [];
            for (const one of argument) {
              const proof = one.proof.map(module.readHash);
              const root = module.readHash(one.root);
              const holds = one.from === undefined
                ? base64OfBytes(await module.rootOfInclusion(BigInt(one.index), BigInt(one.size), await module.hashLeaf(bytesOfText(one.leaf)), proof) ?? []) === one.root
                : await module.isConsistent(BigInt(one.from), BigInt(one.size), proof, module.readHash(one.older), root);
              if (!holds) wrong.push(JSON.stringify(one));
            }
            return wrong;
            """, cases);

        Assert.That(wrong, Is.Empty, $"seed {seed}");
    }
}
