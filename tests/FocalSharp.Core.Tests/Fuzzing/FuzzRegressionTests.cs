using System.Text;
using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Core.Tests.Datasets;
using FocalSharp.Datasets;
using FocalSharp.TestSupport.Fuzzing;

namespace FocalSharp.Core.Tests.Fuzzing;

/// <summary>Inputs that once cost far more than they should, found by the fuzz targets or while they were written.</summary>
public sealed class FuzzRegressionTests
{
    private static readonly MemoryLimit Small = new(4 << 20, 600);

    [Fact]
    public void A_class_index_far_beyond_the_names_does_not_add_classes()
    {
        using TestFolder folder = new TestFolder().Image("a.png");

        AssertRejected("path: .\ntrain: a.png\nnames:\n  99999: cat\n"u8.ToArray(), bytes => DatasetReader.Read(folder.Bytes("data.yaml", bytes).Path));
    }

    [Fact]
    public void Labels_of_an_image_listed_ten_thousand_times_are_read_once()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("data.yaml", "path: .\ntrain: list.txt\nnames: [cat]\n")
            .Text("a.txt", string.Concat(Enumerable.Repeat("0 0.5 0.5 0.2 0.2\n", 1000)));

        // Read ten thousand times over, the thousand boxes would take more than a gigabyte.
        Fuzzer.Check(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a.png\n", 10_000))),
            bytes => Assert.Equal(1000, DatasetReader.Read(folder.Bytes("list.txt", bytes).Path).ObjectCount),
            new(8 << 20, 3000));
    }

    [Fact]
    public void A_list_that_is_referenced_many_times_is_read_once()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("list.txt", string.Concat(Enumerable.Repeat("a.png\n", 2000)));

        Fuzzer.Check(
            Encoding.UTF8.GetBytes($"path: .\ntrain: [{string.Join(", ", Enumerable.Repeat("list.txt", 2000))}]\nnames: [cat]\n"),
            bytes => Assert.Single(DatasetReader.Read(folder.Bytes("data.yaml", bytes).Path).Images),
            new(16 << 20, 2000));
    }

    [Fact]
    public void A_hundred_thousand_categories_are_read_in_linear_time()
    {
        using TestFolder folder = new TestFolder().Image("a.png");
        string categories = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $$"""{"id":{{i}},"name":"c{{i}}"}"""));
        string json = $$"""{"images":[{"id":1,"file_name":"a.png"}],"annotations":[],"categories":[{{categories}}]}""";

        Fuzzer.Check(
            Encoding.UTF8.GetBytes(json), bytes => Assert.Equal(100_000, DatasetReader.Read(folder.Bytes("set.json", bytes)["set.json"]).Classes.Count), Small);
    }

    [Fact]
    public void A_million_problems_of_one_kind_are_counted_but_not_all_described()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("data.yaml", "path: .\ntrain: a.png\nnames: [cat]\n");

        Fuzzer.Check(
            Encoding.UTF8.GetBytes("0 0.5 0.5 0.1 0.1\n" + string.Concat(Enumerable.Repeat("7 1\n", 1_000_000))),
            bytes =>
            {
                IReadOnlyList<DatasetProblem> problems = DatasetReader.Read(folder.Bytes("a.txt", bytes).Path).Problems;
                Assert.Equal(1_000_000, problems.Count);
                Assert.Equal(20_001, problems.Distinct(ReferenceEqualityComparer.Instance).Count());
            },
            new(64 << 20, 200));
    }

    [Fact]
    public void A_shard_listed_twice_is_rejected()
    {
        using TestFolder folder = new TestFolder().Bytes("a.bin", new byte[8]);
        string group = """{"paths":["a.bin"],"weights":[{"name":"NAME","shape":[2],"dtype":"float32"}]}""";
        string groups = string.Join(',', Enumerable.Range(0, 100).Select(i => group.Replace("NAME", $"w{i}", StringComparison.Ordinal)));

        AssertRejected(
            Encoding.UTF8.GetBytes($$"""{"modelTopology":{"node":[]},"weightsManifest":[{{groups}}]}"""),
            bytes => TensorFlowJsModel.Read(folder.Bytes("model.json", bytes)["model.json"]));
    }

    [Fact]
    public void A_page_of_letters_is_not_compared_with_every_known_word() => Fuzzer.Check(
        new byte[1 << 20], bytes => Assert.Null(Suggestions.Closest(Encoding.Latin1.GetString(bytes), ["epochs", "batchSize"])), new(1 << 16, 3));

    private static void AssertRejected(byte[] input, Action<byte[]> read) =>
        Fuzzer.Check(input, bytes => Assert.ThrowsAny<FocalSharpException>(() => read(bytes)), Small);
}
