using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Tiling;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Core.Tests.Datasets.Tiling;

public sealed class TiledDatasetTests
{
    // Two tiles of 60 px, from columns 0 and 40.
    private static readonly TileOptions Options = new() { Size = 60, Overlap = 0.2, WholeImage = false };

    [Fact]
    public void An_object_belongs_to_the_tiles_that_show_enough_of_it_and_is_clipped_there()
    {
        DetectionDataset dataset = Create(new Box(10, 10, 30, 30), new Box(50, 10, 90, 50), new Box(30, 0, 50, 20), new Box(0, 20, 100, 40));

        TiledDataset tiled = TiledDataset.Create(dataset, Options, minVisible: 0.5, dropEmpty: false);

        Assert.Equal([new Tile(0, 0, 60, 60), new Tile(40, 0, 60, 60)], tiled.Tiles);
        Assert.Equal(["a/wide_0_0.jpg", "a/wide_40_0.jpg"], tiled.Dataset.Images.Select(image => image.FileName));
        Assert.All(tiled.Dataset.Images, image => Assert.Equal((60, 60, "/a/wide.jpg", 1), (image.Width, image.Height, image.Path, image.Orientation)));
        Assert.Equal([new Box(10, 10, 30, 30), new Box(30, 0, 50, 20), new Box(0, 20, 60, 40)], BoxesOf(tiled, 0));
        Assert.Equal([new Box(10, 10, 50, 50), new Box(0, 0, 10, 20), new Box(0, 20, 60, 40)], BoxesOf(tiled, 1));
        Assert.Equal(1200, tiled.Dataset.Images[0].Objects[2].Area, 1e-3);
        Assert.Equal(6, tiled.Dataset.Images.SelectMany(image => image.Objects).Select(item => item.Id).Distinct().Count());
        Assert.Equal(0, tiled.AbsentObjects);
    }

    [Fact]
    public void An_object_that_no_tile_shows_enough_of_is_counted_and_a_crowd_is_clipped_to_every_tile()
    {
        DetectionDataset dataset = Create(new Box(0, 0, 100, 60));
        DetectionDataset crowd = dataset with { Images = [dataset.Images[0] with { Objects = [dataset.Images[0].Objects[0] with { IsCrowd = true }] }] };

        TiledDataset one = TiledDataset.Create(dataset, Options, minVisible: 0.7, dropEmpty: false);
        TiledDataset group = TiledDataset.Create(crowd, Options, minVisible: 0.7, dropEmpty: false);
        TiledDataset whole = TiledDataset.Create(dataset, Options with { WholeImage = true }, minVisible: 0.7, dropEmpty: false);

        Assert.Equal((1, 0), (one.AbsentObjects, one.Dataset.ObjectCount));
        Assert.Equal((0, 2), (group.AbsentObjects, group.Dataset.ObjectCount));
        Assert.Equal((0, 1, 3), (whole.AbsentObjects, whole.Dataset.ObjectCount, whole.Tiles.Count));
        Assert.Null(whole.Tiles[2]);
        Assert.Equal((100, 60, "a/wide.jpg"), (whole.Dataset.Images[2].Width, whole.Dataset.Images[2].Height, whole.Dataset.Images[2].FileName));
    }

    [Theory]
    [InlineData(DatasetSplit.Train, 1)]
    [InlineData(DatasetSplit.Val, 2)]
    public void Tiles_without_objects_are_dropped_on_request_from_the_training_split_only(DatasetSplit split, int tiles)
    {
        DetectionDataset dataset = Create(new Box(5, 5, 20, 20));
        dataset = dataset with { Images = [dataset.Images[0] with { Split = split }] };

        Assert.Equal(tiles, TiledDataset.Create(dataset, Options, minVisible: 0.5, dropEmpty: true).Tiles.Count);
        Assert.Equal(2, TiledDataset.Create(dataset, Options, minVisible: 0.5, dropEmpty: false).Tiles.Count);
    }

    [Fact]
    public void An_image_no_larger_than_a_tile_is_left_as_it_is()
    {
        DetectionDataset dataset = Create();

        TiledDataset tiled = TiledDataset.Create(dataset, Options with { Size = 100 }, minVisible: 0.5, dropEmpty: true);

        Assert.Equal([null], tiled.Tiles);
        Assert.Equal(("a/wide.jpg", 3), (tiled.Dataset.Images[0].FileName, tiled.Dataset.Images[0].Orientation));
    }

    [Theory]
    [InlineData("b.png", "b_0_0.png")]
    [InlineData("b.tif", "b_0_0.png")]
    [InlineData("b.JPEG", "b_0_0.jpg")]
    [InlineData("b.webp", "b_0_0.jpg")]
    public void Tiles_of_images_without_loss_are_written_without_loss(string name, string tile)
    {
        DetectionDataset dataset = Create();

        TiledDataset tiled = TiledDataset.Create(dataset with { Images = [dataset.Images[0] with { FileName = name }] }, Options, minVisible: 0.5, dropEmpty: false);

        Assert.Equal(tile, tiled.Dataset.Images[0].FileName);
    }

    private static Box[] BoxesOf(TiledDataset tiled, int image) => [.. tiled.Dataset.Images[image].Objects.Select(item => item.Box)];

    private static DetectionDataset Create(params Box[] boxes) => new()
    {
        Name = "wide",
        Classes = ["thing"],
        CategoryIds = [1],
        Images =
        [
            new DatasetImage
            {
                Id = 7,
                FileName = "a/wide.jpg",
                Path = "/a/wide.jpg",
                Width = 100,
                Height = 60,
                Orientation = 3,
                Split = DatasetSplit.Train,
                Objects = [.. boxes.Select(box => new ObjectAnnotation { Label = 0, Box = box, Area = (box.X2 - box.X1) * (box.Y2 - box.Y1) })],
            },
        ],
    };
}
