// Causes on the way to the collector and at it, in Japanese.

import type { TranslatedCauses } from './cause.ts'

export const collecting: TranslatedCauses = {
  'exporter-address-changed': {
    of: 'a8c99e17',
    knownBy:
      '`transport.json` で、エクスポータから届いたものがなく、同じポートに、どのエクスポータでもないアドレスから同数以上(`others`)が届いています。',
    remedy:
      'エクスポートの経路をアドレス変換の対象から外してください。または観測ドメインでエクスポータを区別し、コレクタの対応表(`bgp_agent_map`、サンプリング、名前)に新しいアドレスを登録してください。',
    test: 'コレクタのインタフェースで `tcpdump` を実行すると、送信元アドレスが分かります。',
  },
  'exports-too-large': {
    of: '72c76fbf',
    knownBy:
      '失われたデータグラムはすべて、到着したどのデータグラムよりも大きいものです。それらのレコードの損失を正確に予測します。',
    remedy:
      'エクスポータのデータグラムを小さくする、経路の MTU を大きくする、またはフラグメントと ICMP の Fragmentation Needed を通してください。',
    test: 'エクスポータからコレクタへ `ping -M do -s SIZE` を実行すると、同じ大きさを超えると応答がなくなります。',
  },
  'exports-lost': {
    of: '22204aaf',
    knownBy:
      '`transport.json` で到着数が送出数より少なく、コレクタ側の記録でシーケンス番号に抜けがあります。その中のレコードの損失を正確に予測します。',
    remedy:
      'エクスポータとコレクタの間の損失箇所を特定してください。UDP の NetFlow は再送しません。TCP または SCTP の IPFIX は再送します。',
    test: 'ホップごとに記録します。データグラムが欠けるホップの手前が原因箇所です。',
  },
  'exports-duplicated': {
    of: '077adb6f',
    knownBy:
      '`transport.json` で到着数が送出数より多く、コレクタ側の記録でシーケンス番号が繰り返されています。そのレコードの重複を予測します。',
    remedy: '複製しているもの(ミラーポート、二重の経路、ループするレプリケータ)を探してください。',
    test: 'ホップごとに記録します。データグラムが 2 つになるホップの手前が原因箇所です。',
  },
  'unexplained-transport': {
    of: '0c592a60',
    knownBy: 'エクスポートの 2 つの記録でフローが異なり、上記のいずれでも説明できない差が残っています。',
    remedy: '`exported-PROBE.pcap` と `arrived-PROBE.pcap` を比べてください。',
    test: '途中のホップごとに記録します。',
  },
  'sampling-doubled': {
    of: 'd08568b2',
    knownBy:
      'レコードのカウンタが N の倍数でそのまま実トラフィックと合い、テーブルには到着値の N 倍があります。または、テーブルの値が N² 倍です。',
    remedy:
      'サンプリングレートの乗算は 1 回だけにしてください。エクスポータ(その場合は通知しない)かコレクタのどちらかです。',
    test: 'コレクタの再正規化(renormalize)を無効にすると、値が一致します。',
  },
  'sampling-unapplied': {
    of: '63e0161e',
    knownBy: 'エクスポートは 1:N を通知しており、テーブルの値はレコードの値と完全に一致します。',
    remedy:
      'コレクタで乗算してください:`renormalize: on`(nfacctd_renormalize、sfacctd_renormalize)。または、テーブルを読む側で乗算します。',
    test: 'コレクタの再正規化を有効にすると、サンプリングの誤差の範囲で実トラフィックと一致します。',
  },
  'sampling-misapplied': {
    of: '0127c9e8',
    knownBy:
      'テーブルの値は到着値の定数倍ですが、その係数は 1 でも通知されたレートでもなく、実トラフィックとも一致しません。',
    remedy: 'コレクタで、プロトコルの符号化どおりに、通知されたレートを使うようにしてください。',
    test: 'レートを変えても、復号の誤りなら同じようにずれます。',
  },
  'collected-attributes-wrong': {
    of: 'cfb17efa',
    knownBy:
      '行の値が、到着したレコードのどの値とも一致しません。TCP フラグはその論理和に含まれません。パケット数とバイト数は問題ありません。',
    remedy:
      'コレクタが補完または置き換える設定(`pre_tag_map`、`nfacctd_…`)と、そのプロトコルのこれらのフィールドを読んでいるかを確認してください。',
    test: '`arrived-PROBE.pcap` を、同じフィールドを保持する別のコレクタで再生します。',
  },
  'collector-away': {
    of: '5cbd1960',
    knownBy:
      '`timeline.ndjson` または `state/….exit` が停止を、あるいは `exits.json` がシグナルによる一時停止を示しています。停止中に届いたレコードと、テーブルをメモリに置くコレクタではそれ以前の全レコードの損失を予測します。',
    remedy:
      'コレクタを停止させないでください。一時停止中のものは `kill -CONT` で再開します。停止中に届いたものと、復帰前に送られたテンプレートは失われます。',
    test: 'レコードの到着時刻と停止していた時刻を比べます。',
  },
  'template-unknown': {
    of: '1edd31ab',
    knownBy:
      'エクスポータの動作中にコレクタが再起動したか、最初に届いたものにテンプレートがありませんでした。その時点から次のテンプレートまでに届いたレコードの損失を予測します。',
    remedy:
      'エクスポータのテンプレート送信間隔を短くするか、コレクタで再起動後もテンプレートを保持してください(nfacctd の `nfacctd_templates_file`)。',
    test: 'テンプレートの送信直前にコレクタを再起動すると、欠落がほぼなくなります。',
  },
  'records-beyond-count': {
    of: '6089875d',
    knownBy:
      'ヘッダのカウントより多くの FlowSet を持つデータグラムが届いています。それより後ろの全レコードの損失を、パケット単位で予測します。softflowd 1.1.0 はフローレコードだけを数え、先行するテンプレートを含めません。nfacctd 1.7.7 と Wireshark はそこで読み取りを止めます。',
    remedy:
      'エクスポータがテンプレートとオプションを含む全レコードを数えるようにするか(RFC 3954 5.1 節)、ヘッダに長さを持つ IPFIX で送るか、最後まで読むコレクタ(nfcapd)を使ってください。',
    test: '同じものを IPFIX で送ると損失がなくなります。カウントの終わりは `flowlab decode -v` で分かります。',
  },
  'collector-table-full': {
    of: 'bb8494f6',
    knownBy:
      'ログにメモリを確保できないとあります。後から来たフロー、またはデーモンがプラグインとともに終了した場合は全フローの損失を予測します。',
    remedy:
      '`imt_mem_pools_number`(0 は無制限)または `imt_mem_pools_size` を大きくするか、集約キーを減らしてください。',
    test: 'フロー数を 10 分の 1 にすると、すべてそろいます。',
  },
  'collector-not-listening': {
    of: 'c5dd54e4',
    knownBy:
      '`transport.json` でデータグラムは到着し、`listening` が false です(`/proc/net/udp` による)。何も収集されないことを予測します。',
    remedy: 'コレクタとプローブのポートとアドレスを一致させてください。',
    test: 'コレクタのノードで `ss -ulnp` を実行します。',
  },
  'collector-socket-overrun': {
    of: 'e30b166f',
    knownBy:
      '`/proc/net/udp` が破棄を数えています(`socketDrops`)。バースト時のデータグラム単位の損失を予測します。',
    remedy:
      '`net.core.rmem_max` とソケットのバッファ(`nfacctd_pipe_size`)を大きくするか、エクスポータを複数のコレクタに分散してください。',
    test: '同じエクスポートをゆっくり送ると、破棄がなくなります。',
  },
  'collector-queue-overrun': {
    of: '438d2101',
    knownBy:
      'ログに `Missing data detected` または `Failed during write` があるか、`plugin_pipe_size` が pmacct の既定値より小さく(最初の 3 回のあふれは記録されません)、シーケンスの抜けもカーネルの破棄もありません。バースト時の損失を予測します。リングがあふれると、pmacct の行に 2 つのフローの値が混ざります。',
    remedy:
      '`plugin_pipe_size` を大きくし、`plugin_buffer_size` をその 100 分の 1 から 1000 分の 1 にしてください。',
    test: '同じエクスポートをゆっくり送ると、警告がなくなります。',
  },
  'icmp-type-lost': {
    of: '4c14adeb',
    knownBy:
      'レコードには ICMP のタイプとコードがあり、行では 0 です。値は正しく、タイプ 0 に計上されています。nfcapd 1.7.1 は pmacctd の NetFlow v9 で(softflowd の v9 では ICMPv6 のみ)、nfacctd 1.7.7 は宛先ポート以外に入る場合(softflowd の v9 と IPFIX の icmpTypeCodeIPv4、送信元ポートに入れる fprobe の v5)にこうなります。',
    remedy:
      'このエクスポータでは別のプロトコルを使うか、別のコレクタを使ってください。保持できる組み合わせは docs/interop.md にあります。',
    test: '`flowlab decode` ではレコードのタイプが見え、コレクタ自身のクライアントでは見えません。',
  },
  'collector-estimates-rate': {
    of: 'f2bd7a10',
    knownBy:
      'sfacctd で再正規化が有効です。到着した全フローがテーブルにありますが、値は到着値に通知されたレートを掛けたものと異なり、合計は 4 分の 1 以内の差です。',
    remedy:
      '`sfacctd_renormalize` を無効にして、テーブルを読む側で通知されたレートを掛けるか、通知されたレートを掛ける sfcapd を使ってください。',
    test: 'パケット数を 10 倍にすると、合計が通知されたレートの値に近づきます。',
  },
  'collected-twice': {
    of: 'e89fa708',
    knownBy: '全フローが到着値の同じ整数倍で、その倍率に等しいサンプリングレートの通知がありません。',
    remedy:
      '1 つのエクスポータ、インタフェース、方向のフローだけを数えるか、これらをフィールドとして保持して重複を区別してください。',
    test: '一方のエクスポータを止めると、値が半分になります。',
  },
  'collected-by-factor': {
    of: 'd6f683a5',
    knownBy:
      '全フローが到着値の定数倍です。パケットとバイトで係数が異なることもあります(バイトをビットで表示した場合など)。',
    remedy: 'コレクタの設定のサンプリングレートや倍率と、テーブルを読む側の単位を確認してください。',
    test: '大きさの分かっているフローを 1 本送ると、行の値から係数が分かります。',
  },
  'running-totals-added': {
    of: '85aa5ad1',
    knownBy:
      'レコードは差分のほかに累計(octetTotalCount、packetTotalCount)を持ち、テーブルの合計がその累計の総和とバイト単位で一致しています。',
    remedy:
      'エクスポータが差分(octetDeltaCount、packetDeltaCount)だけを送るようにするか、コレクタが octetTotalCount と packetTotalCount を使わないようにしてください。',
    test: 'エクスポータの起動後、最初のフローを 1 レコードだけ送ると、その行は正しくなります。',
  },
  'collected-exchanged': {
    of: '50bfa89e',
    knownBy: 'テーブルの各フローが、逆方向のフローの到着値になっています。',
    remedy: 'コレクタでの送信元と宛先の名前付けと、テーブルを読む側を確認してください。',
    test: '応答のないフローを 1 本送ると、テーブルでは宛先から送られたことになっています。',
  },
  'collected-keys-wrong': {
    of: '99b4132f',
    knownBy:
      '合計は正しく、各フローの値が 1 つの規則で別のキーに移っています。0 または欠落したフィールド、ポートの入れ替わり、プレフィックスへの切り詰め、バイト順の誤りなど。',
    remedy:
      'テーブルの `aggregate`、`networks_mask`、フィールドを置き換え・匿名化する設定を確認してください。',
    test: '固有のポートとアドレスのフローを 1 本送ると、行でどう変わるかが分かります。',
  },
  'collected-counters-distorted': {
    of: 'a8334c02',
    knownBy: '9 割以上のフローで、カウンタの値が到着値から 1 つの規則で求まります。',
    remedy: 'テーブルの書き込み側と読み取り側で、列の型と名前を確認してください。',
    test: '大きさの分かっているフローを 1 本送ると、行でどう変わるかが分かります。',
  },
  'collector-leaves-out': {
    of: '972a66ce',
    knownBy: 'その種類の全フローが最初から最後まで欠けており、ほかはすべてそろっています。',
    remedy:
      'コレクタのフィルタ(`aggregate_filter`、`pre_tag_filter`)と、そのフロー(IPv6)を扱えるかを確認してください。',
    test: 'フィルタなしでコレクタを動かすと、そのフローが現れます。',
  },
  'nothing-collected': {
    of: '024248ab',
    knownBy:
      '`transport.json` でデータグラムは到着し、`listening` は true、ソケットでの破棄もありませんが、テーブルは空です。',
    remedy:
      'コレクタのノードのパケットフィルタ、許可するエクスポータの一覧(`nfacctd_allow_file`)、対応プロトコルを確認してください。',
    test: 'ノードで `nft list ruleset` を実行し、データグラムの到着時に最も詳細なログを見ます。',
  },
  'unexplained-collecting': {
    of: 'b2befe03',
    knownBy:
      '到着したエクスポートとテーブルでフローが異なり、上記のいずれでも説明できない差が残っています。差の大きいものが証拠です。',
    remedy: 'コレクタのフィルタとログを確認してください。',
    test: '`arrived-PROBE.pcap` を別のコレクタで再生すると、到着したものが分かります。',
  },
}
