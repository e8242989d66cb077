using System.Text;
using System.Text.Json;

namespace FocalSharp.Core.Tests.Golden;

/// <summary>Golden tests fail, rather than pass with nothing compared, if the golden data is damaged.</summary>
public sealed class GoldenFileTests
{
    [Fact]
    public void A_complete_manifest_is_read()
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, Case("a") + "," + Case("b"), "a", "b");
        Assert.Equal(["a", "b"], GoldenFile.Read(path).Cases.Select(golden => golden.Id));
        Assert.Equal([1.5f], GoldenFile.Read(path).Cases[1].Floats("x"));
    }

    [Fact]
    public void An_empty_manifest_is_an_error()
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, "", "a");
        Assert.Contains("has no case", Assert.Throws<InvalidDataException>(() => GoldenFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_lacks_cases_of_its_tensors_is_an_error()
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, Case("a"), "a", "b");
        Assert.Contains("b.x", Assert.Throws<InvalidDataException>(() => GoldenFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_with_a_case_that_has_no_tensors_is_an_error()
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, Case("a") + "," + Case("b"), "a");
        Assert.Contains("b.x", Assert.Throws<InvalidDataException>(() => GoldenFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_is_cut_off_is_an_error()
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, Case("a"), "a");
        byte[] bytes = File.ReadAllBytes(path);
        for (int length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.ThrowsAny<JsonException>(() => GoldenFile.Read(path));
        }
    }

    [Fact]
    public void A_folder_without_manifests_is_an_error()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<InvalidDataException>(() => GoldenFile.ReadAll(folder.Path));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    public void An_empty_list_is_an_error(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Throws<InvalidDataException>(() => document.RootElement.RequireElements());
    }

    private static string Case(string id) => $$"""{"id": "{{id}}", "fn": "f", "args": {}, "inputs": ["x"], "outputs": ["y"]}""";

    private static string Write(TemporaryFolder folder, string cases, params string[] ids)
    {
        string path = folder.In("test.json");
        File.WriteAllText(path, $$"""{"about": "", "cases": [{{cases}}]}""");
        string[] names = [.. ids.SelectMany(id => new[] { id + ".x", id + ".y" })];
        string header = "{" + string.Join(',', names.Select((name, i) =>
            $$"""{{'"'}}{{name}}{{'"'}}: {"dtype": "F32", "shape": [1], "data_offsets": [{{4 * i}}, {{4 * (i + 1)}}]}""")) + "}";
        using BinaryWriter writer = new(File.Create(folder.In("test.safetensors")));
        writer.Write((long)Encoding.UTF8.GetByteCount(header));
        writer.Write(Encoding.UTF8.GetBytes(header));
        foreach (string _ in names)
        {
            writer.Write(1.5f);
        }

        return path;
    }
}
