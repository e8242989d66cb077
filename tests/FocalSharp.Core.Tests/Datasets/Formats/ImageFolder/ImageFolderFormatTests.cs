using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.ImageFolder;

public sealed class ImageFolderFormatTests
{
    private const string Line = """{"file_name": "a.png", "objects": {"bbox": [[10, 12, 20, 18], [1, 2, 3, 4]], "categories": [1, 0]}}""";

    [Fact]
    public void Reads_lines_per_split_with_the_names_of_the_card()
    {
        using TestFolder folder = new TestFolder().Image("train/a.png").Text("train/metadata.jsonl", Line).Text("README.md", """
            ---
            dataset_info:
              features:
              - name: objects
                sequence:
                - name: categories
                  dtype:
                    class_label:
                      names:
                        '0': cat
                        '1': dog
            ---
            # Set
            """);
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("dog", 10, 12, 30, 30), ("cat", 1, 2, 4, 6));
        Assert.Equal((DatasetSplit.Train, 2), (set.Images[0].Split, set.Classes.Count));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void Numbers_without_names_are_numbered_classes()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("metadata.jsonl", Line);

        Assert.Equal(["class0", "class1"], DatasetReader.Read(folder.Path).Classes);
    }

    [Theory]
    [InlineData("\"{\"\"bbox\"\": [[10, 12, 20, 18]], \"\"categories\"\": [\"\"cat\"\"]}\"")]
    [InlineData("\"{'bbox': [[10, 12, 20, 18]], 'categories': ['cat']}\"")]
    [InlineData("\"[{'bbox': [10, 12, 20, 18], 'category': 'cat'}]\"")]
    public void Reads_tables(string objects)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("metadata.csv", "file_name,objects\na.png," + objects + "\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 12, 30, 30));
    }

    [Fact]
    public void Parquet_is_named_as_not_supported()
    {
        using TestFolder folder = new TestFolder().Bytes("data/train-00000.parquet", [.. "PAR1"u8]);

        Assert.Contains("data/train-00000.parquet is a Parquet file, which is not read", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }
}
