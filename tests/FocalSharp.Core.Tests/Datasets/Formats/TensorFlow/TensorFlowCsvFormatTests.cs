using FocalSharp.Datasets;

namespace FocalSharp.Core.Tests.Datasets.Formats.TensorFlow;

public sealed class TensorFlowCsvFormatTests
{
    [Theory]
    [InlineData("filename,width,height,class,xmin,ymin,xmax,ymax", "a.jpg,100,80,cat,10,12,30,32")]
    [InlineData("image_id,x1,y1,x2,y2,label", "a,10,12,30,32,cat")]
    [InlineData("image_path;xmin;ymin;xmax;ymax;class", "/home/x/train/a.jpg;10;12;30;32;cat")]
    public void Reads_corners_by_the_names_of_the_columns(string header, string row)
    {
        using TestFolder folder = new TestFolder().Image("train/a.jpg").Text("train/_annotations.csv", $"\uFEFF{header}\r\n{row}\r\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 12, 30, 32));
        Assert.Equal(DatasetSplit.Train, set.Images[0].Split);
        Assert.DoesNotContain(DatasetProblemKind.UnreadableAnnotation, set.Kinds());
    }

    [Theory]
    [InlineData("a.5")]
    [InlineData("a.5.jpg")]
    public void A_dot_in_a_name_is_no_extension(string name)
    {
        using TestFolder folder = new TestFolder().Image("train/a.5.jpg").Text("train/_annotations.csv", $"filename,width,height,class,xmin,ymin,xmax,ymax\n{name},100,80,cat,10,12,30,32\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 12, 30, 32));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void A_table_beside_labels_of_another_format_is_not_read()
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Text("labels/a.txt", "0 0.2 0.5 0.2 0.5\n").Text("classes.txt", "dog\n")
            .Text("results.csv", "image,class,xmin,ymin,xmax,ymax\na.png,cat,1,2,3,4\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("dog", 10, 20, 30, 60));
    }

    [Fact]
    public void The_split_is_that_of_the_file_name()
    {
        const string header = "filename,width,height,class,xmin,ymin,xmax,ymax\n";
        using TestFolder folder = new TestFolder().Image("images/a.jpg").Image("images/b.jpg")
            .Text("train_labels.csv", header + "a.jpg,100,80,cat,10,12,30,32\na.jpg,100,80,dog,1,2,3,4\n").Text("test_labels.csv", header + "b.jpg,100,80,dog,30,12,10,32\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal([(DatasetSplit.Test, 0), (DatasetSplit.Train, 2)], set.Images.Select(image => (image.Split, image.Objects.Count)));
        Assert.Equal([DatasetProblemKind.DegenerateBox], set.Kinds());
    }

    [Fact]
    public void Decimal_commas_are_numbers_where_semicolons_separate()
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.csv", "filename;width;height;class;xmin;ymin;xmax;ymax\na.png;100;80;cat;10,5;12;30,25;32\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10.5f, 12, 30.25f, 32));
        Assert.Empty(set.Problems);
    }

    // keras-retinanet's format: no header, and five empty fields for an image without objects.
    [Theory]
    [InlineData("images/b.png,,,,,\nimages/a.png,10,12,30,32,cat\n")]
    [InlineData("images/a.png,10,12,30,32,cat\nimages/b.png,,,,,\n")]
    public void A_table_without_a_header_is_read(string table)
    {
        using TestFolder folder = new TestFolder().Image("images/a.png").Image("images/b.png").Text("annotations.csv", table).Text("classes.csv", "cat,0\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Equal(2, set.Images.Count);
        set.Images.Single(image => image.FileName == "a.png").AssertObjects(set, ("cat", 10, 12, 30, 32));
        Assert.Empty(set.Problems);
    }

    [Theory]
    [InlineData("0.1,0.125,0.3,0.375")]
    [InlineData("0,0,1,0.5")]
    public void A_single_box_of_fractions_is_not_taken_for_pixels(string box)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.csv", $"filename,width,height,class,xmin,ymin,xmax,ymax\na.png,100,80,cat,{box}\n");

        Assert.Contains("as x1, y1, x2, y2 as fractions of the image", Assert.Throws<DatasetException>(() => DatasetReader.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image_name,label_name,x1,y1,w,h", "a.png,cat,10,12,20,20")]
    [InlineData("image,label,x,y,bbox_width,bbox_height", "a.png,cat,10,12,20,20")]
    [InlineData("image_name,label_name,x1,y1,x2,y2", "a.png,cat,10,12,30,32")]
    public void Corners_may_be_given_with_a_size(string header, string row)
    {
        using TestFolder folder = new TestFolder().Image("a.png").Text("a.csv", $"{header}\n{row}\n");
        DetectionDataset set = DatasetReader.Read(folder.Path);

        Assert.Single(set.Images).AssertObjects(set, ("cat", 10, 12, 30, 32));
    }
}
