using CsCheck;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Core.Tests.Detections.Tiling;

public sealed class TileGridTests
{
    // Smaller tiles on smaller images: no case reaches the limit of tiles.
    private static readonly Gen<(int, int, int, double)> Cases = Gen.OneOf(Images(1500, 64), Images(3000, 128));

    [Fact]
    public void An_image_no_larger_than_a_tile_is_one_tile() =>
        Assert.Equal([new Tile(0, 0, 640, 480)], TileGrid.Create(640, 480, new TileOptions { Size = 640 }));

    [Fact]
    public void Without_a_size_tiles_have_the_input_size_of_the_detector() =>
        Assert.All(TileGrid.Create(1000, 1000, new TileOptions { WholeImage = false }, detectorSide: 320), tile => Assert.Equal((320, 320), (tile.Width, tile.Height)));

    [Fact]
    public void Tiles_are_spaced_evenly()
    {
        // Steps of at most 80 over a way of 150: two steps of 75.
        Assert.Equal(
            [new Tile(0, 0, 100, 60), new Tile(75, 0, 100, 60), new Tile(150, 0, 100, 60), new Tile(0, 0, 250, 60)],
            TileGrid.Create(250, 60, new TileOptions { Size = 100, Overlap = 0.2 }));
    }

    [Fact]
    public void Tiles_cover_the_image_stay_within_it_and_overlap_as_requested() => Cases.Sample((width, height, size, overlap) =>
    {
        IReadOnlyList<Tile> tiles = TileGrid.Create(width, height, new TileOptions { Size = size, Overlap = overlap, WholeImage = false });
        return Line([.. tiles.Select(tile => (tile.X, tile.Right)).Distinct()], width)
            && Line([.. tiles.Select(tile => (tile.Y, tile.Bottom)).Distinct()], height)
            && tiles.Distinct().Count() == tiles.Count;

        bool Line((int From, int To)[] spans, int length) => spans[0].From == 0 && spans[^1].To == length
            && spans.Zip(spans.Skip(1)).All(pair => pair.Second.From > pair.First.From && pair.First.To - pair.Second.From >= Math.Floor(size * overlap));
    }, iter: 300);

    [Theory]
    [InlineData(31, 0.2)]
    [InlineData(-1, 0.2)]
    [InlineData(20000, 0.2)]
    [InlineData(640, 0.8)]
    [InlineData(640, -0.1)]
    [InlineData(640, double.NaN)]
    public void Options_out_of_range_are_rejected(int size, double overlap) =>
        Assert.Throws<OptionException>(() => TileGrid.Create(1000, 1000, new TileOptions { Size = size, Overlap = overlap }));

    [Fact]
    public void Too_many_tiles_are_rejected_before_they_are_created() => Assert.Contains(
        "Choose larger tiles",
        Assert.ThrowsAny<FocalSharpException>(() => TileGrid.Create(100_000, 100_000, new TileOptions { Size = 32 })).Message,
        StringComparison.Ordinal);

    private static Gen<(int Width, int Height, int Size, double Overlap)> Images(int largest, int minTile) =>
        Gen.Select(Gen.Int[1, largest], Gen.Int[1, largest], Gen.Int[minTile, 900], Gen.Double[0, 0.75]);
}
