using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;

namespace FocalSharp.Core.Tests.Datasets.Patching;

public sealed class LabelPatcherTests
{
    private static readonly Box Left = new(10, 10, 30, 40);
    private static readonly Box Right = new(60, 20, 90, 70);

    [Fact]
    public void Labels_are_added_changed_moved_and_deleted_in_order()
    {
        PatchResult result = Apply(
            new LabelEdit("a.jpg", null, new PatchLabel("dog", Right)),
            new LabelEdit("a.jpg", new PatchLabel("cat", Left), new PatchLabel("dog", new Box(12, 10, 30, 40))),
            new LabelEdit("b.jpg", new PatchLabel("dog", Right), null),
            new LabelEdit("a.jpg", new PatchLabel("dog", Right), new PatchLabel("dog", new Box(61, 20, 90, 70)))); // the one that was added

        Assert.Equal(4, result.Applied);
        Assert.Empty(result.Conflicts);
        Assert.Equal(
            [(1, new Box(12, 10, 30, 40), 1L), (1, new Box(61, 20, 90, 70), 3L)],
            result.Dataset.Images[0].Objects.Select(item => (item.Label, item.Box, item.Id)));
        Assert.Empty(result.Dataset.Images[1].Objects);
        Assert.Equal(18 * 30, result.Dataset.Images[0].Objects[0].Area);
    }

    [Theory]
    [InlineData(1, true)] // whole, 1-based pixels
    [InlineData(0.4f, true)]
    [InlineData(1.5f, false)]
    public void A_label_is_found_although_a_format_rounded_its_box(float offset, bool isFound)
    {
        Box rounded = new(Left.X1 + offset, Left.Y1 - offset, Left.X2, Left.Y2 + offset);

        PatchResult result = Apply(new LabelEdit("a.jpg", new PatchLabel("cat", rounded), new PatchLabel("dog", rounded)));

        Assert.Equal(isFound ? 1 : 0, result.Applied);
        Assert.Equal(isFound ? 0 : 1, result.Conflicts.Count);
    }

    [Fact]
    public void Of_two_near_labels_the_nearest_is_meant()
    {
        DetectionDataset dataset = Create(("a.jpg", [(0, Left), (0, new Box(10.8f, 10, 30, 40))]));

        PatchResult result = LabelPatcher.Apply(dataset, new LabelPatch { Edits = [new LabelEdit("a.jpg", new PatchLabel("cat", new Box(10.7f, 10, 30, 40)), null)] });

        Assert.Equal([Left], result.Dataset.Images[0].Objects.Select(item => item.Box));
    }

    [Fact]
    public void What_was_applied_before_is_not_applied_again()
    {
        LabelPatch patch = new()
        {
            Edits =
            [
                new LabelEdit("a.jpg", null, new PatchLabel("dog", Right)),
                new LabelEdit("a.jpg", new PatchLabel("cat", Left), new PatchLabel("dog", Left)),
                new LabelEdit("b.jpg", new PatchLabel("dog", Right), null),
            ],
        };

        PatchResult again = LabelPatcher.Apply(LabelPatcher.Apply(Create(), patch).Dataset, patch);

        Assert.Equal((0, 3, 0), (again.Applied, again.Unchanged, again.Conflicts.Count));
        Assert.Equal([2, 0], again.Dataset.Images.Select(image => image.Objects.Count));
    }

    [Theory]
    [InlineData("c.jpg", "cat", 10, "edit 1, c.jpg: the data set has no such image")]
    [InlineData("a.jpg", "cow", 10, "edit 1, a.jpg: the data set has no class 'cow'")]
    [InlineData("a.jpg", "cat", 500, "edit 1, a.jpg: the new box is outside the image")]
    public void What_contradicts_the_data_set_is_reported(string image, string name, float x, string expected)
    {
        PatchResult result = Apply(new LabelEdit(image, null, new PatchLabel(name, new Box(x, 5, x + 10, 15))));

        Assert.Equal([expected], result.Conflicts);
        Assert.Single(result.Dataset.Images[0].Objects);
    }

    [Fact]
    public void Deleting_a_label_that_was_moved_since_is_a_conflict()
    {
        PatchResult result = Apply(new LabelEdit("a.jpg", new PatchLabel("cat", new Box(14, 10, 30, 40)), null));

        Assert.Equal("edit 1, a.jpg: no label 'cat' at 14, 10, 30, 40; it may have been changed since", Assert.Single(result.Conflicts));
    }

    [Fact]
    public void Boxes_are_clipped_to_the_image()
    {
        PatchResult result = Apply(new LabelEdit("a.jpg", null, new PatchLabel("dog", new Box(-5, 90, 20, 130))));

        Assert.Equal(new Box(0, 90, 20, 100), result.Dataset.Images[0].Objects[1].Box);
    }

    [Fact]
    public void Images_of_one_name_are_distinguished_by_their_folder()
    {
        DetectionDataset dataset = Create(("a.jpg", []), ("a.jpg", []));
        dataset = dataset with { Images = [dataset.Images[0] with { Path = "/data/train/a.jpg" }, dataset.Images[1] with { Path = "/data/val/a.jpg" }] };
        PatchImages names = new(dataset);

        Assert.Equal(["train/a.jpg", "val/a.jpg"], dataset.Images.Select(names.GetName));
        Assert.Equal(2, names.Find("a.jpg").Count);
        Assert.Equal("/data/val/a.jpg", Assert.Single(names.Find("val/a.jpg")).Path);
        Assert.Equal("/data/val/a.jpg", Assert.Single(names.Find("val\\a.jpg")).Path);
    }

    [Fact]
    public void Images_are_found_by_the_file_name_if_an_export_moved_them() =>
        Assert.Equal("a.jpg", Assert.Single(new PatchImages(Create()).Find("images/train/a.jpg")).FileName);

    private static PatchResult Apply(params LabelEdit[] edits) => LabelPatcher.Apply(Create(), new LabelPatch { Edits = edits });

    private static DetectionDataset Create() => Create(("a.jpg", [(0, Left)]), ("b.jpg", [(1, Right)]));

    private static DetectionDataset Create(params (string File, (int Label, Box Box)[] Objects)[] images)
    {
        long id = 0;
        return new DetectionDataset
        {
            Name = "pets",
            Classes = ["cat", "dog"],
            CategoryIds = [1, 2],
            Images =
            [
                .. images.Select((image, i) => new DatasetImage
                {
                    Id = i + 1,
                    FileName = image.File,
                    Path = $"/data/{image.File}",
                    Width = 100,
                    Height = 100,
                    Objects = [.. image.Objects.Select(item => new ObjectAnnotation { Id = ++id, Label = item.Label, Box = item.Box, Area = item.Box.Area })],
                }),
            ],
        };
    }
}
